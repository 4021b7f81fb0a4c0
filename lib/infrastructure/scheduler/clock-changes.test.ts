import { expect, test } from 'vitest'
import { clockChanges, loadTimings } from './index.ts'

const timings = await loadTimings()
const at = (text: string) => Date.parse(text)
const year = [at('2026-01-01T00:00:00Z'), at('2027-01-01T00:00:00Z')] as const
const berlin = (cron: string) => ({ cron, timeZone: 'Europe/Berlin' })

test('02:30 runs an hour later when the clocks go forward, and once, the first time, when they go back', () => {
  expect(clockChanges(timings, berlin('30 2 * * *'), ...year)).toEqual([
    {
      at: at('2026-03-29T01:00:00Z'),
      localTime: '2026-03-29 02:30',
      kind: 'skipped',
      runsAt: [at('2026-03-29T01:30:00Z')],
    },
    {
      at: at('2026-10-25T01:00:00Z'),
      localTime: '2026-10-25 02:30',
      kind: 'repeated',
      runsAt: [at('2026-10-25T00:30:00Z')],
    },
  ])
})

test('what it says is what happens: no day without a run, and none with two', () => {
  const due = timings.dueWithin(berlin('30 2 * * *'), ...year, { limit: 1_000 })
  expect(due).toHaveLength(365)
  expect(new Set(due.map(time => new Date(time).toISOString().slice(0, 10))).size).toBe(365)
})

test('an expression with intervals runs by the time that passes: twice in the hour that comes twice', () => {
  const changes = clockChanges(timings, berlin('0,30 * * * *'), at('2026-10-25T00:00:00Z'), at('2026-10-25T03:00:00Z'))
  expect(changes.map(({ localTime, runsAt }) => [localTime, runsAt.length])).toEqual([
    ['2026-10-25 02:00', 2],
    ['2026-10-25 02:30', 2],
  ])
  const forward = timings.dueWithin(berlin('*/30 * * * *'), at('2026-03-29T00:00:00Z'), at('2026-03-29T02:00:00Z'), {
    limit: 10,
  })
  expect(forward.map(time => new Date(time).toISOString().slice(11, 16))).toEqual([
    '00:00',
    '00:30',
    '01:00',
    '01:30',
    '02:00',
  ])
})

test('zones whose clocks change by half an hour, west of UTC, or not at all', () => {
  expect(clockChanges(timings, { cron: '15 2 * * *', timeZone: 'Australia/Lord_Howe' }, ...year)).toMatchObject([
    // The one zone whose clocks change by half an hour: there a skipped time does not run on that day, and this says so.
    { localTime: '2026-10-04 02:15', kind: 'skipped', runsAt: [] },
  ])
  expect(clockChanges(timings, { cron: '30 1 * * *', timeZone: 'America/New_York' }, ...year)).toMatchObject([
    { localTime: '2026-11-01 01:30', kind: 'repeated', runsAt: [at('2026-11-01T05:30:00Z')] },
  ])
  expect(clockChanges(timings, { cron: '30 2 * * *', timeZone: 'Asia/Tokyo' }, ...year)).toEqual([])
  expect(clockChanges(timings, { cron: '30 2 * * *' }, ...year)).toEqual([])
  expect(clockChanges(timings, { everyMs: 1_000 }, ...year)).toEqual([])
})
