import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createScheduler, type Scheduler } from './index.ts'

const HOUR = 3_600_000
const iso = (at: number) => new Date(at).toISOString().slice(0, 16)
const missed = async (name: string) =>
  (await scheduler.runs(name)).filter(({ outcome }) => outcome === 'missed').map(({ dueAt }) => iso(dueAt))

let scheduler: Scheduler
let ran: string[]
const work = ({ dueAt }: { dueAt: number }) => void ran.push(iso(dueAt))

beforeEach(async () => {
  vi.useFakeTimers()
  ran = []
  scheduler = await createScheduler({ service: 'shop' })
})
afterEach(async () => {
  await scheduler.close({ timeoutMs: 0 })
  vi.useRealTimers()
})

async function startAt(time: string, declare: () => Promise<void>) {
  vi.setSystemTime(new Date(time))
  await declare()
  await scheduler.start()
}

test('over the night in which the clocks go forward, and over that in which they go back, 02:30 runs once each day', async () => {
  const nightly = { name: 'nightly', when: { cron: '30 2 * * *', timeZone: 'Europe/Berlin' } }
  await startAt('2026-03-28T12:00:00Z', () => scheduler.schedule(nightly, work))
  await vi.advanceTimersByTimeAsync(48 * HOUR)
  expect(ran).toEqual(['2026-03-29T01:30', '2026-03-30T00:30'])
  await scheduler.close()

  ran = []
  scheduler = await createScheduler({ service: 'shop' })
  await startAt('2026-10-24T12:00:00Z', () => scheduler.schedule(nightly, work))
  await vi.advanceTimersByTimeAsync(48 * HOUR)
  expect(ran).toEqual(['2026-10-25T00:30', '2026-10-26T01:30'])
})

test.each([
  ['skip', [], ['12:00', '13:00', '14:00']],
  ['once', ['14:00'], ['12:00', '13:00']],
  [{ all: 2 }, ['13:00', '14:00'], ['12:00']],
] as const)(
  'the clock jumps ahead: by policy %j %j run, and what was missed is noted',
  async (catchUp, expected, not) => {
    const day = (times: readonly string[]) => times.map(time => `2026-05-01T${time}`)
    await startAt('2026-05-01T11:30:00Z', () =>
      scheduler.schedule({ name: 'hourly', when: { cron: '0 * * * *' }, catchUp }, work),
    )
    vi.setSystemTime(new Date('2026-05-01T14:30:00Z'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(ran).toEqual(day(expected))
    expect((await missed('hourly')).toSorted()).toEqual(day(not))
    await vi.advanceTimersByTimeAsync(30 * 60_000)
    expect(ran).toEqual(day([...expected, '15:00']))
  },
)

test('the clock jumps back a little: what has run does not run again', async () => {
  await startAt('2026-05-01T11:59:00Z', () => scheduler.schedule({ name: 'hourly', when: { cron: '0 * * * *' } }, work))
  await vi.advanceTimersByTimeAsync(60_000)
  vi.setSystemTime(new Date('2026-05-01T11:59:30Z'))
  await vi.advanceTimersByTimeAsync(65 * 60_000)
  expect(ran).toEqual(['2026-05-01T12:00', '2026-05-01T13:00'])
})

test('a clock that was a day ahead is set right: it runs again within the hour, not after a day', async () => {
  await startAt('2026-05-02T11:59:00Z', () => scheduler.schedule({ name: 'hourly', when: { cron: '0 * * * *' } }, work))
  await vi.advanceTimersByTimeAsync(2 * 60_000)
  vi.setSystemTime(new Date('2026-05-01T12:30:00Z'))
  await vi.advanceTimersByTimeAsync(35 * 60_000)
  expect(ran).toEqual(['2026-05-02T12:00', '2026-05-01T13:00'])
})

test('a schedule of a second that stood still for an hour notes at most a hundred missed runs, and how many more there were', async () => {
  await startAt('2026-05-01T12:00:00Z', () => scheduler.schedule({ name: 'fast', when: { everyMs: 1_000 } }, work))
  await vi.advanceTimersByTimeAsync(1_000)
  vi.setSystemTime(new Date('2026-05-01T13:00:00Z'))
  await vi.advanceTimersByTimeAsync(30_000)
  const notes = (await scheduler.runs('fast', { limit: 5_000 })).filter(({ outcome }) => outcome === 'missed')
  expect(notes.length).toBeLessThan(200)
  expect(notes.some(({ message }) => /and \d{4} before it/.test(message ?? ''))).toBe(true)
})
