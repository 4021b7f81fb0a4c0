import { expect, test } from 'vitest'
import { begin, console, environment, operator, prefix, program, redis, where } from '../../../testing/foreign-queue.ts'
import { timesView } from './times.ts'

const times = async () => {
  const { data } = await console.view(timesView, environment(), operator, where())
  if (data.times.status === 'down') throw new Error(data.times.reason)
  return data.times.data
}

test('exact percentiles of the jobs that finished last, and of how many; unknown before any has', async () => {
  await begin(6)
  const base = `${prefix}:mail:`
  await program.ask('add', { jobs: [{ name: 'work', data: {}, opts: {} }] })
  const before = await times()
  expect(before).toMatchObject({ jobs: 0, drain: { state: 'unknown' } })
  expect(before).not.toHaveProperty('waited')
  // Job n waited n seconds and took n tenths of one.
  const now = Date.now()
  const write = redis.pipeline()
  for (let at = 1; at <= 200; at++) {
    const began = now - 60_000
    const ended = began + at * 100
    const fields = { name: 'work', data: '{}', opts: '{}', timestamp: began - at * 1_000, processedOn: began }
    write.hset(`${base}done-${at}`, { ...fields, finishedOn: ended, ats: 1, atm: 1 })
    write.zadd(`${base}completed`, ended, `done-${at}`)
  }
  await write.exec()
  await expect.poll(times, { timeout: 10_000 }).toMatchObject({
    jobs: 200,
    retried: 0,
    from: now - 59_900,
    to: now - 40_000,
    waited: { jobs: 200, p50: 100_000, p95: 190_000, p99: 198_000 },
    processed: { jobs: 200, p50: 10_000, p95: 19_000, p99: 19_800 },
  })
})

test('of a queue that does not exist nothing is said', async () => {
  await begin(6)
  const { data } = await console.view(timesView, environment(), operator, { server: 'main', queue: `${prefix}:none` })
  expect(data.times).toMatchObject({ status: 'up', data: undefined })
})
