import { expect, test } from 'vitest'
import type { FleetProcess } from '../../../fleet/port.ts'
import { BUCKETS } from '../../../series/percentile.ts'
import { comparableText } from './comparable-text.ts'
import { statementMatcher } from './match.ts'
import {
  measuredTimes,
  mergeReported,
  type ReportedStatement,
  reportedIncreases,
  reportedStatements,
  statementReports,
} from './reported.ts'

const spreadOf = (counts: Record<number, number>) => Array.from({ length: BUCKETS }, (_, bucket) => counts[bucket] ?? 0)

const report = (text: string, process = 'a', counts: Record<number, number> = { 1: 1 }): ReportedStatement => ({
  text,
  processes: new Set([process]),
  calls: Object.values(counts).reduce((sum, count) => sum + count, 0),
  totalMs: 0,
  spread: spreadOf(counts),
})

/** The texts of Postgres that a text sent by a service is found to be, by their place. */
async function found(sent: string, kept: readonly string[]) {
  const texts = new Map(kept.map((text, index) => [String(index), comparableText(text)]))
  return [...(await statementMatcher().match([report(sent)], texts)).keys()]
}

test.each([
  ['select a from t where b = $1', 'select a from t where b = $1', 'the same'],
  ['select a from t where b = $1 limit $0', 'select a from t where b = $1 limit $2', 'values written into it'],
  ['select a\n  from t', 'select a from t;', 'white space'],
  ['select a from t where b > interval $0', 'select a from t where b > interval $1', 'no valid SQL without its values'],
  ['select a from t', "select a from t /*route='%2Forders',service='checkout'*/", 'its comment'],
  ['select a from t where b in ($1, $2, $3)', 'SELECT a FROM t WHERE b IN ($1 /*, ... */)', 'the length of a list'],
  ['select a::numeric($0,$0) from t', 'select a::numeric(10,2) from t', 'the precision of a type'],
])('%s is found as %s: %s', async (sent, kept) => {
  expect(await found(sent, ['select other from t', kept])).toEqual(['1'])
})

test('another statement is not found, and one that Postgres counts several times is measured for all of them', async () => {
  expect(await found('select a from t where b = $1', ['select a from t where c = $1', 'select a from u'])).toEqual([])
  expect(await found('select a from t', ['select a from t', 'select  a from t', 'select b from t'])).toEqual(['0', '1'])
})

test('a text that was cut is found where only one begins with it', async () => {
  const long = `select ${Array.from({ length: 300 }, (_, index) => `column_${index}`).join(', ')} from t`
  const cut = long.slice(0, 1_000)
  expect(await found(cut, ['select a', long])).toEqual(['1'])
  expect(await found(cut, [long, `${long} where a = $1`])).toEqual([])
})

test('what several processes and texts measured of one statement is added up', async () => {
  const reports = [
    report('select a from t where b = $0', 'a', { 0: 90 }),
    report('select a from t where b = $1', 'b', { 7: 10 }),
  ]
  const all = await statementMatcher().match(reports, new Map([['7', comparableText('select a from t where b = $1')]]))
  const merged = all.get('7')
  expect(merged).toMatchObject({ calls: 100, spread: spreadOf({ 0: 90, 7: 10 }) })
  const times = merged && measuredTimes(merged)
  expect(times).toMatchObject({ processes: 2, calls: 100 })
  // The ten slow ones are between 32 and 64 ms, and half of them are above the 95th percentile.
  expect(times?.p95).toBeCloseTo(48)
  expect(times?.p50).toBeLessThan(0.5)
  expect(measuredTimes(mergeReported([]))).toBeUndefined()
})

test('statements sent elsewhere, by processes that are gone, or not as expected are left out', () => {
  const item = {
    database: 'shop',
    address: 'db:5432/shop',
    text: 'select 1',
    calls: 2,
    totalMs: 3,
    spread: spreadOf({ 1: 2 }),
  }
  const process = (id: string, state: FleetProcess['state'], items: unknown[]): FleetProcess => ({
    ...{ id, state, service: 'checkout', instance: id, lastBeatAt: 0, silentFor: 0 },
    details: new Map([['statements', { rev: 1, at: 0, items, total: items.length }]]),
  })
  const reports = statementReports(
    {
      ...{ redisNow: 0, skew: 0 },
      processes: [
        process('a', 'up', [item, { ...item, text: 'elsewhere', address: 'db:5432/other' }, { ...item, spread: [1] }]),
        process('b', 'up', [item, 'nonsense']),
        process('c', 'lost', [item]),
      ],
    },
    'db:5432/shop',
  )
  expect(reportedStatements(reports.values())).toEqual([
    { text: 'select 1', processes: new Set(['a', 'b']), calls: 4, totalMs: 6, spread: spreadOf({ 1: 4 }) },
  ])
})

test('increases are those of what was reported before; a count that fell began again, and what is new may be older', () => {
  const before = new Map([
    ['a', report('select 1', 'a', { 1: 5, 2: 1 })],
    ['b', report('select 1', 'b', { 1: 9 })],
    ['gone', report('select 2')],
    ['same', report('select 3')],
  ])
  const now = new Map([
    ['a', report('select 1', 'a', { 1: 5, 2: 3 })],
    ['b', report('select 1', 'b', { 4: 2 })],
    ['new', report('select 1', 'c', { 8: 100 })],
    ['same', report('select 3')],
  ])
  expect(reportedIncreases(before, now)).toEqual([
    { text: 'select 1', processes: new Set(['a', 'b']), calls: 4, totalMs: 0, spread: spreadOf({ 2: 2, 4: 2 }) },
  ])
})
