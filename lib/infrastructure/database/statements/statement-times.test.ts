import { expect, test } from 'vitest'
import { DURATION_BUCKETS } from '../../metrics/index.ts'
import { statementTimes } from './statement-times.ts'

const POOL = { database: 'orders' }

test('calls are in the buckets of the metrics, the last of them for what is above all bounds', () => {
  const times = statementTimes()
  const [lowest = 0, second = 0] = DURATION_BUCKETS.map(bound => bound * 1_000)
  for (const ms of [0, lowest, lowest * 1.01, second, 1e9]) times.record('select 1', ms)
  const [report] = times.reports(POOL)
  expect(report).toMatchObject({ database: 'orders', text: 'select $0', calls: 5 })
  expect(report?.spread).toHaveLength(DURATION_BUCKETS.length + 1)
  expect(report?.spread.slice(0, 3)).toEqual([2, 2, 0])
  expect(report?.spread.at(-1)).toBe(1)
})

test('texts are kept without values and comments, and statements that differ only in those are one', () => {
  const times = statementTimes()
  times.record(`select * from card where number = '4242' and id = 7 /*route='%2Fpay'*/`, 1)
  times.record(`select * from card where number = 'ada' and id = 8`, 2)
  times.record('select * from card where number = $1', 3)
  const reports = times.reports(POOL)
  expect(reports.map(({ text, calls, totalMs }) => [text, calls, totalMs])).toEqual([
    ['select * from card where number = $0 and id = $0', 2, 3],
    ['select * from card where number = $1', 1, 3],
  ])
})

test('two hundred texts are kept; of more, the one with the least time in all is dropped and begins again', () => {
  const times = statementTimes()
  for (let index = 0; index < 200; index++) times.record(`select a${index}`, 1_000 + index)
  times.record('select late', 5_000)
  times.record('select a0', 10_000)
  const [first, second, ...others] = times.reports(POOL)
  expect([first?.text, first?.calls, first?.totalMs]).toEqual(['select a0', 1, 10_000])
  expect(second?.text).toBe('select late')
  expect(others).toHaveLength(38)
  expect(others[0]?.text).toBe('select a199')
})

test('a long text is cut', () => {
  const times = statementTimes()
  times.record(`select ${'x'.repeat(5_000)}`, 1)
  expect(times.reports(POOL)[0]?.text).toHaveLength(1_000)
})
