import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { auditEvent } from '../../../../../drizzle/schema/index.ts'
import { joinFleet } from '../../../../infrastructure/fleet/index.ts'
import { createQueues, defineJob } from '../../../../infrastructure/queue/index.ts'
import {
  act,
  begin,
  console,
  environment,
  operator,
  prefix,
  program,
  redis,
  redisAddress,
  refusalOf,
  where,
} from '../../../testing/foreign-queue.ts'
import { TEST_FLEET_KEY } from '../../../testing/open-test-console.ts'
import { queueView } from '../views/queue.ts'

const add = (data: object, opts: object = {}) => program.ask<string[]>('add', { jobs: [{ name: 'send', data, opts }] })
const keyOf = (id: string) => `${prefix}:mail:${id}`
const preview = (operation: string, input: object) =>
  console.runner.preview(operator, { environment: environment(), operation, input: { ...where(), ...input } })
const run = (operation: string, input: object, token?: string) =>
  console.runner.run(operator, { environment: environment(), operation, input: { ...where(), ...input }, token })

test('a payload is changed after a preview of what changes; the audit has its hash and not its values', async () => {
  await begin(6)
  const [job = ''] = await add({ order: { id: 42, card: 'secret-card' }, keep: [1, 2] })
  const data = '{"order":{"id":43,"card":"other-card"},"keep":[1,2]}'
  const previewed = await preview('queue.edit-payload', { job, data })
  expect(previewed).toMatchObject({ action: 'Change the payload', confirmation: 'preview' })
  expect(previewed.texts?.[0]?.text).toBe('/order/id: 42 → 43\n/order/card: "secret-card" → "other-card"')
  const done = await act('queue.edit-payload', { job, data })
  expect(done).toMatchObject({ status: 'succeeded' })
  expect(done.summary).toContain(createHash('sha1').update(data).digest('hex').slice(0, 12))
  expect(await redis.hget(keyOf(job), 'data')).toBe(data)
  const lines = JSON.stringify(await console.store.db.select().from(auditEvent))
  expect(lines).not.toContain('other-card')
  await expect(act('queue.edit-payload', { job, data })).rejects.toThrow('The payload is the same as before.')
})

test('a payload that changed since its preview is not overwritten', async () => {
  await begin(5)
  const [job = ''] = await add({ at: 1 })
  const input = { job, data: '{"at":2}' }
  const { token } = await preview('queue.edit-payload', input)
  await redis.hset(keyOf(job), 'data', '{"at":9}')
  expect(await refusalOf(run('queue.edit-payload', input, token))).toMatchObject({
    code: expect.stringMatching(/set_grew|preview_expired|conflict/),
  })
  expect(await redis.hget(keyOf(job), 'data')).toBe('{"at":9}')
})

test('a job that a worker is processing, and one that is gone, are refused with the reason', async () => {
  await begin(4)
  const [job = ''] = await add({ hold: 60_000 })
  await program.ask('work')
  await expect.poll(() => redis.exists(`${keyOf(job)}:lock`), { timeout: 10_000 }).toBe(1)
  const refusal = await refusalOf(preview('queue.edit-payload', { job, data: '{}' }))
  expect(refusal.message).toContain('A worker is processing')
  await expect(preview('queue.run-now', { job })).rejects.toThrow('is not waiting')
  await expect(preview('queue.change-delay', { job, seconds: 5 })).rejects.toThrow('is not delayed')
  await expect(preview('queue.duplicate', { job: 'nobody' })).rejects.toThrow('There is no job nobody')
  program.kill()
})

test('priority, delay, run now, dead letter, duplicate and a job by hand: each does what it says', async () => {
  await begin(6)
  const [first = '', second = '', third = ''] = [
    ...(await add({ at: 1 }, { priority: 5 })),
    ...(await add({ at: 2 }, { delay: 600_000 })),
    ...(await add({ at: 3 })),
  ]
  expect(await act('queue.change-priority', { job: first, priority: 2 })).toMatchObject({ status: 'succeeded' })
  expect(await redis.hget(keyOf(first), 'priority')).toBe('2')
  await act('queue.change-delay', { job: second, seconds: 5_000 })
  expect(await redis.hget(keyOf(second), 'delay')).toBe('5000000')
  await act('queue.run-now', { job: second })
  expect(await redis.lindex(`${prefix}:mail:wait`, -1)).toBe(second)
  await act('queue.move-to-dead-letters', { job: third, error: 'wrong customer' })
  expect(await redis.hget(keyOf(third), 'failedReason')).toBe('wrong customer')
  const copy = await act('queue.duplicate', { job: third })
  expect(copy.summary).toMatch(/^Added \d+, like \d+\.$/)
  const added = await act('queue.add-job', { name: 'by-hand', data: '{"x":1}', attempts: 3, id: 'mine' })
  expect(added.summary).toBe(`Added by-hand mine to ${prefix}:mail.`)
  expect(await act('queue.add-job', { name: 'by-hand', data: '{}', id: 'mine' })).toMatchObject({
    status: 'failed',
    summary: 'The job was not added: there is a job with this id.',
  })
  await expect(preview('queue.add-job', { name: 'x', data: '{' })).rejects.toThrow()
  expect(await program.ask('stateOf', { id: 'mine' })).toBe('waiting')
})

test('a payload is held against the schema that the worker of its queue declares', async () => {
  await begin(6)
  const queues = await createQueues({ redisUrl: redisAddress(), prefix })
  await (await queues.queue('mail')).pause()
  const Send = z.object({ to: z.email(), tries: z.int().min(1) })
  await queues.work('mail', () => undefined, {
    types: [
      defineJob({ name: 'send', parse: Send.parse, schema: z.toJSONSchema(Send) }),
      defineJob({ name: 'tell', version: 2, parse: String, upcasts: { 1: data => data } }),
    ],
  })
  const member = joinFleet({
    redisUrl: redisAddress(),
    environment: environment(),
    service: 'mailer',
    key: TEST_FLEET_KEY,
    workers: queues,
  })
  await member.start()
  try {
    const types = async () =>
      (await console.view(queueView, environment(), operator, { ...where(), state: 'waiting' })).data.jobTypes
    await expect.poll(types, { timeout: 15_000 }).toMatchObject([
      { name: 'send', version: 1 },
      { name: 'tell', version: 2 },
    ])
    const [{ example = '' } = {}] = await types()
    expect(Send.safeParse(JSON.parse(example)).success).toBe(true)

    const refusal = await refusalOf(preview('queue.add-job', { name: 'send', data: '{"to":"nobody","tries":1}' }))
    expect(refusal).toMatchObject({ code: 'invalid', fields: { data: expect.stringMatching(/^to: /) } })
    expect(await act('queue.add-job', { name: 'send', data: example })).toMatchObject({ status: 'succeeded' })
    // Else its worker would take it for version 1, and change it.
    expect(await act('queue.add-job', { name: 'tell', data: '"hello"', id: 'told' })).toMatchObject({
      status: 'succeeded',
    })
    expect(JSON.parse((await redis.hget(keyOf('told'), 'opts')) ?? '{}')).toMatchObject({ substation: { version: 2 } })
    expect(await preview('queue.add-job', { name: 'another', data: '{}' })).toMatchObject({ action: 'Add the job' })

    const [job = ''] = await add({ to: 'someone@example.com', tries: 1 })
    const edit = await preview('queue.edit-payload', { job, data: '{"to":"someone@example.com","tries":0}' })
    expect(edit.warnings).toContainEqual(expect.stringMatching(/^Its worker would not accept this payload: tries: /))
    // Its worker brings that to the newest version first.
    const [other = ''] = await add({ at: 1 }, { substation: { version: 2 } })
    expect((await preview('queue.edit-payload', { job: other, data: '{"at":2}' })).warnings).not.toContainEqual(
      expect.stringContaining('would not accept'),
    )
  } finally {
    await member.stop()
    await queues.close({ timeoutMs: 100 })
  }
})
