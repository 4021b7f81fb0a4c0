import { expect, test } from 'vitest'
import { loadTimings } from '../../../infrastructure/scheduler/index.ts'
import { ofSchedules } from './attention.ts'
import { calendarOf } from './calendar.ts'
import { type ScheduleRow, type ScheduleState, stateOf } from './row.ts'
import type { RunItem } from './schedule-item.ts'
import { timingWords } from './timing.ts'

const timings = await loadTimings()
const MINUTE = 60_000
const NOW = Date.parse('2026-05-01T12:20:30Z')
const going: RunItem = {
  id: 'a',
  schedule: 'work',
  dueAt: NOW - 5 * MINUTE,
  trigger: 'schedule',
  attempt: 1,
  startedAt: NOW - 5 * MINUTE,
}
const ended = (outcome: RunItem['outcome']): RunItem => ({ ...going, endedAt: NOW - MINUTE, outcome })
const hourly = { cron: '0 * * * *', nextAt: NOW + 10 * MINUTE, alive: () => true }

test.each<[ScheduleState, Partial<Parameters<typeof stateOf>[1]>]>([
  ['waiting', {}],
  ['waiting', { runs: [ended('succeeded')] }],
  ['waiting', { runs: [ended('skipped'), { ...ended('succeeded'), id: 'b' }] }],
  ['running', { runs: [going] }],
  ['overrunning', { runs: [going], cron: '* * * * *' }],
  ['interrupted', { runs: [going], alive: () => false }],
  ['overdue', { nextAt: NOW - 2 * MINUTE }],
  ['waiting', { nextAt: NOW - MINUTE / 2 }],
  ['paused', { nextAt: NOW - 2 * MINUTE, paused: {} }],
  ['troubled', { runs: [ended('failed')] }],
  ['troubled', { runs: [ended('skipped'), { ...ended('missed'), id: 'b' }] }],
  ['over', { cron: undefined, at: NOW - MINUTE, nextAt: undefined, runs: [ended('succeeded')] }],
])('is %s: %#', (state, schedule) => {
  expect(stateOf(timings, { ...hourly, runs: [], ...schedule }, NOW)).toBe(state)
})

const row = (name: string, rest: Partial<ScheduleRow>): ScheduleRow => ({
  id: name,
  name,
  library: 'Substation',
  place: 'shop',
  state: 'waiting',
  runs: [],
  processes: [],
  shared: true,
  ...rest,
})

test('the next 24 hours have what is due by the hour, and what begins in the same minute; what runs all the time is counted', () => {
  const at = (text: string) => Date.parse(`2026-05-0${text}Z`)
  const calendar = calendarOf(
    timings,
    [
      row('bills', { cron: '30 2 * * *', nextAt: at('2T02:30') }),
      row('prices', { cron: '30 */12 * * *', nextAt: at('1T12:30') }),
      row('stock', { cron: '30 0 * * *', nextAt: at('2T00:30') }),
      row('often', { everyMs: MINUTE, nextAt: NOW }),
      row('off', { cron: '30 2 * * *', nextAt: at('2T02:30'), state: 'paused' }),
      row('dialect', { cron: 'L W # ?', nextAt: at('2T02:30') }),
    ],
    NOW,
  )
  expect(calendar.frequent).toBe(1)
  expect(calendar.collisions).toEqual([
    { at: at('2T00:30'), names: ['prices', 'stock'] },
    { at: at('2T02:30'), names: ['bills', 'dialect'] },
  ])
  expect(calendar.hours.filter(({ runs }) => runs > 0)).toEqual([
    { at: at('1T12:00'), runs: 1, collisions: 0 },
    { at: at('2T00:00'), runs: 2, collisions: 1 },
    { at: at('2T02:00'), runs: 2, collisions: 1 },
  ])
})

test('trouble needs attention, with why; what waits does not', () => {
  const items = ofSchedules([
    row('fine', {}),
    row('late', { state: 'overdue', nextAt: NOW, service: 'shop' }),
    row('bad', { state: 'troubled', runs: [{ ...ended('missed'), message: 'No process began it in time' }] }),
  ])
  expect(items).toMatchObject([
    { subject: 'shop / late', band: 'failing', detail: 'No process that has it is running.' },
    { subject: 'bad', band: 'notice', text: 'missed a run', detail: 'No process began it in time.' },
  ])
})

test.each([
  [{ cron: '*/5 * * * *' }, 'Every 5 minutes'],
  [{ everyMs: 7_200_000 }, 'Every 2 hours'],
  [{ everyMs: 60_000 }, 'Every minute'],
  [{ everyMs: 1_500 }, 'Every 1500 ms'],
  [{ at: 1 }, 'Once'],
  [{ cron: 'nonsense' }, undefined],
  [{}, undefined],
])('%j in words: %s', (timing, words) => {
  expect(timingWords(timing)).toBe(words)
})
