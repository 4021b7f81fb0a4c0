import { describe, expect, test, vi } from 'vitest'
import { startQueueProgram } from '../../../../infrastructure/testing/bullmq-program.ts'
import {
  act,
  begin,
  bury,
  console,
  environment,
  finished,
  length,
  look,
  operator,
  prefix,
  program,
  redis,
  refusalOf,
  settings,
  where,
} from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'

const all = { which: { by: 'all' } }

describe.each([5, 6] as const)('a FlowProducer and a Worker of BullMQ %i, without a Queue', major => {
  test('can be operated once an operator has set their major; the audit has it, other consoles know it, undo removes it', async () => {
    await begin(major, { without: 'flows' })
    const [first = '', second = ''] = await bury(3)
    expect((await look('failed')).row).toMatchObject({
      settable: [5, 6],
      readOnlyBecause: expect.stringContaining('5 or 6'),
    })
    const refused = await refusalOf(act('queue.replay', all))
    expect(refused.nextStep).toContain('Set its BullMQ version first')
    const gone = { which: { by: 'ids', ids: [second] }, reason: 'a test' }
    expect(await act('queue.remove', gone, actorOf('admin'))).toMatchObject({ status: 'succeeded' })
    const input = { major, reason: 'package.json of mailer' }
    const request = { environment: environment(), operation: 'queue.set-major', input: { ...where(), ...input } }
    const preview = await console.runner.preview(operator, request)
    expect(preview).toMatchObject({ action: `Set BullMQ ${major}`, confirmation: 'preview' })
    expect(preview.warnings.join(' ')).toContain(`BullMQ ${major === 5 ? 6 : 5} is possible too`)
    const run = await act('queue.set-major', input)
    expect(run).toMatchObject({ status: 'succeeded', reason: input.reason, target: { name: `${prefix}:mail` } })
    expect((await look('failed')).row).toMatchObject({ major, majorKnown: `set by ${operator.name}` })

    await act('queue.pause', {})
    expect(await act('queue.replay', all)).toMatchObject({ status: 'succeeded' })
    // Where its own library looks for them when the queue is resumed.
    expect(await redis.llen(`${prefix}:mail:${major === 6 ? 'wait' : 'paused'}`)).toBe(2)
    await redis.hset(`${prefix}:mail:${first}`, 'data', '{}')
    await act('queue.resume', {})
    await program.ask('work')
    await vi.waitFor(async () => expect(await program.ask('done')).toContain(first), 10_000)
    await program.ask('rest')

    await finished(await console.runner.undo(operator, environment(), run.id))
    await vi.waitFor(async () => expect((await look('failed')).row?.major).toBeUndefined())
  }, 60_000)
})

test('a major that contradicts the queue itself is refused, and a viewer may set none', async () => {
  await begin(5)
  await bury(1)
  const input = { major: 4, reason: 'a guess' }
  expect((await refusalOf(act('queue.set-major', input))).message).toContain('names its version itself: bullmq:5')
  await redis.hdel(`${prefix}:mail:meta`, 'version')
  expect((await refusalOf(act('queue.set-major', input))).message).toContain('its keys show 5 or 6')
  expect(await refusalOf(act('queue.set-major', { ...input, major: 5 }, actorOf('viewer')))).toMatchObject({
    code: 'forbidden',
    needs: 'operator',
  })
})

test('of BullMQ 4 the keys leave no doubt', async () => {
  await begin(4, { without: 'flows' })
  await bury(3)
  expect((await look('failed')).row).toMatchObject({ major: 4, majorKnown: 'known by its keys and jobs' })
  expect(await act('queue.replay', all)).toMatchObject({ status: 'succeeded' })
  expect(await length('failed')).toBe(0)
})

test('where all queues of its prefix have one major, it counts as that major too, and the preview of a pause says so', async () => {
  const url = settings.environments[0]?.redis[0]?.url ?? ''
  const sibling = await startQueueProgram(5, { url, prefix, name: 'other' })
  await begin(5, { without: 'flows' })
  try {
    await bury(1)
    await vi.waitFor(async () => expect((await look('failed')).row?.major).toBe(5), 10_000)
    const preview = await console.runner.preview(operator, {
      environment: environment(),
      operation: 'queue.pause',
      input: where(),
    })
    expect(preview.warnings.join(' ')).toContain('like all queues of its prefix')
  } finally {
    await sibling.close()
  }
})
