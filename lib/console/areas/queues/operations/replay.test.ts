import { describe, expect, test, vi } from 'vitest'
import type { QueueMajor } from '../../../../infrastructure/queue/index.ts'
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
  where,
} from '../../../testing/foreign-queue.ts'

describe.each<QueueMajor>([4, 5, 6])('a queue of BullMQ %i', major => {
  test('its dead letters are listed, one is replayed, then those of one error, and they complete', async () => {
    await begin(major)
    const ids = await bury(6)
    await bury(3, 'smtp refused')
    for (const id of ids) await redis.hset(`${prefix}:mail:${id}`, 'data', '{"at":1}')
    const [first = ''] = ids
    expect((await look('failed')).jobs).toMatchObject({ total: 9, page: 0, complete: true })
    const one = await act('queue.replay', { which: { by: 'ids', ids: [first, 'nonsense'] } })
    expect(one).toMatchObject({ status: 'partial', items: { byStatus: { done: 1, refused: 1 } } })
    const preview = await console.runner.preview(operator, {
      environment: environment(),
      operation: 'queue.replay',
      input: { ...where(), which: { by: 'all', error: 'MAILBOX' } },
    })
    expect(preview).toMatchObject({ action: 'Replay 5 dead letters', affected: { count: 5, precision: 'exact' } })
    expect(preview.affected.sample[0]).toContain('mailbox full')
    expect(preview.warnings.join(' ')).toContain('No worker is connected')
    const rest = await act('queue.replay', { which: { by: 'all', error: 'MAILBOX' } })
    expect(rest).toMatchObject({ status: 'succeeded', summary: `Replayed 5 jobs of ${prefix}:mail.` })
    await program.ask('work', { concurrency: 5 })
    await vi.waitFor(
      async () => expect((await program.ask<string[]>('done')).toSorted()).toEqual(ids.toSorted()),
      10_000,
    )
    expect(await length('failed')).toBe(3)
  }, 60_000)
})

test('a set that has grown by more than a tenth since its preview is not replayed', async () => {
  await begin(6)
  await bury(10)
  const request = { environment: environment(), operation: 'queue.replay', input: { ...where(), which: { by: 'all' } } }
  const { token } = await console.runner.preview(operator, request)
  await bury(2)
  expect(await refusalOf(console.runner.run(operator, { ...request, token }))).toMatchObject({ code: 'set_grew' })
  expect(await length('failed')).toBe(12)
})

test('an aborted replay stops, says how far it came, and leaves the rest where it is', async () => {
  await begin(6)
  await bury(8_000)
  const request = { environment: environment(), operation: 'queue.replay', input: { ...where(), which: { by: 'all' } } }
  const { token } = await console.runner.preview(operator, request)
  const run = await console.runner.run(operator, { ...request, token })
  await vi.waitFor(async () => expect(await length('failed')).toBeLessThan(8_000), { timeout: 10_000, interval: 1 })
  await console.runner.abort(operator, environment(), run.id)
  const over = await finished(run)
  const left = await length('failed')
  expect(over.status).toBe('aborted')
  expect(over.summary).toContain(`Replayed ${(8_000 - left).toLocaleString('en')} jobs`)
  expect(left).toBeGreaterThan(0)
}, 60_000)
