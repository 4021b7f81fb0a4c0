import { expect, test } from 'vitest'
import {
  act,
  begin,
  bury,
  console,
  environment,
  jobs,
  length,
  operator,
  prefix,
  program,
  redis,
  where,
} from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'

const admin = actorOf('admin')
const preview = (operation: string, input: object, actor = admin) =>
  console.runner.preview(actor, { environment: environment(), operation, input: { ...where(), ...input } })
const reason = 'a test of clearing'

test.each([4, 5, 6] as const)(
  'BullMQ %i: a queue is drained by an admin who types its name, with a ledger',
  async major => {
    await begin(major)
    await program.ask('add', { jobs: jobs(300) })
    await program.ask('add', { jobs: jobs(40, { delay: 600_000 }) })
    const previewed = await preview('queue.drain', { reason })
    expect(previewed).toMatchObject({
      action: 'Remove 340 jobs',
      confirmation: 'typed',
      affected: { count: 340, precision: 'exact' },
    })
    expect(await act('queue.drain', { delayed: false, reason }, admin)).toMatchObject({
      status: 'succeeded',
      summary: `Removed 300 jobs of ${prefix}:mail.`,
    })
    expect(await length('delayed')).toBe(40)
    expect(await act('queue.drain', { reason }, admin)).toMatchObject({ summary: `Removed 40 jobs of ${prefix}:mail.` })
    await expect(preview('queue.drain', { reason })).rejects.toThrow('has no jobs that wait or are delayed')
    await expect(preview('queue.drain', { reason }, operator)).rejects.toThrow()
  },
)

test('dead letters older than an age are cleaned, younger ones stay', async () => {
  await begin(6)
  const ids = await bury(20)
  const old = Date.now() - 3 * 3_600_000
  for (const id of ids.slice(0, 8)) {
    await redis.zadd(`${prefix}:mail:failed`, old, id)
    await redis.hset(`${prefix}:mail:${id}`, 'finishedOn', old)
  }
  const input = { state: 'failed', olderThanHours: 2, reason }
  expect((await preview('queue.clean', input)).affected).toMatchObject({ count: 8, precision: 'exact' })
  expect(await act('queue.clean', input, admin)).toMatchObject({ status: 'succeeded' })
  expect(await length('failed')).toBe(12)
})

test.each([4, 5, 6] as const)('BullMQ %i: an obliterated queue leaves no key', async major => {
  await begin(major)
  await program.ask('add', { jobs: jobs(120) })
  expect(await act('queue.obliterate', { reason }, admin)).toMatchObject({
    status: 'succeeded',
    summary: `Removed 120 jobs of ${prefix}:mail. The queue is gone.`,
  })
  expect((await redis.keys(`${prefix}:mail:*`)).filter(key => !key.includes(':substation:'))).toEqual([])
})

test('a queue is not obliterated while a worker is processing a job', async () => {
  await begin(6)
  await program.ask('add', { jobs: [{ name: 'long', data: { hold: 60_000 }, opts: {} }] })
  await program.ask('work')
  await expect.poll(() => redis.llen(`${prefix}:mail:active`), { timeout: 10_000 }).toBe(1)
  await expect(preview('queue.obliterate', { reason })).rejects.toThrow('1 job')
  program.kill()
})

test('limits are set with a preview and undone; BullMQ 4 has none', async () => {
  await begin(5)
  const limits = { concurrency: 4, rate: { max: 100, durationMs: 1_000 } }
  expect((await preview('queue.set-limits', limits, operator)).summary).toBe(
    `${prefix}:mail will have at most 4 jobs at a time and at most 100 in 1 s. Now it has no limits.`,
  )
  const run = await act('queue.set-limits', limits)
  expect(await redis.hmget(`${prefix}:mail:meta`, 'concurrency', 'max', 'duration')).toEqual(['4', '100', '1000'])
  await console.runner.undo(operator, environment(), run.id)
  await expect.poll(() => redis.hmget(`${prefix}:mail:meta`, 'concurrency', 'max')).toEqual([null, null])
})

test('limits of a queue of BullMQ 4 are refused with what to do instead', async () => {
  await begin(4)
  await expect(preview('queue.set-limits', { concurrency: 4, rate: null }, operator)).rejects.toThrow(
    'belongs to BullMQ 4',
  )
})
