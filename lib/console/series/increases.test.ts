import { expect, test } from 'vitest'
import { type CountReading, increases } from './increases.ts'

/** A step that begins on a round number (ms). */
const T = 1_700_000_000_000
const reading = (at: number, total: number, more: Partial<CountReading> = {}): CountReading => ({
  at,
  whole: true,
  counts: new Map([['calls', { total }]]),
  ...more,
})

function reported(readings: [id: string, CountReading][]) {
  const counts = increases()
  const steps = new Map<number, number>()
  for (const [id, one] of readings)
    counts.take(id, one, (step, _series, amount) => steps.set(step, (steps.get(step) ?? 0) + amount))
  return [...steps].map(([step, amount]) => [step - T / 10_000, amount])
}

test('the first reading of a process that ran before is where counting starts, not an increase', () => {
  expect(reported([['a', reading(T, 1_000)]])).toEqual([])
  expect(
    reported([
      ['a', reading(T, 1_000)],
      ['a', reading(T + 10_000, 1_007)],
    ]),
  ).toEqual([[0, 7]])
})

test('a process that started while we watched has counted from zero', () => {
  expect(reported([['a', reading(T + 10_400, 12, { from: T })]])).toEqual([[0, 12]])
})

test('readings that jitter around the edge of a step fall into one step each, and every increase is reported once', () => {
  const at = [0, 9_800, 20_300, 29_900, 40_400, 49_700]
  const result = reported(at.map((offset, index) => ['a', reading(T + 5_000 + offset, index * 10)]))
  expect(result.map(([, amount]) => amount)).toEqual([10, 10, 10, 10, 10])
})

test('two seconds after the last reading nothing is reported, and nothing is lost', () => {
  expect(
    reported([
      ['a', reading(T, 0)],
      ['a', reading(T + 2_000, 3)],
      ['a', reading(T + 10_000, 8)],
    ]),
  ).toEqual([[0, 8]])
})

test('a missed reading is spread over the steps it stands for', () => {
  expect(
    reported([
      ['a', reading(T, 0)],
      ['a', reading(T + 30_000, 9)],
    ]),
  ).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
  ])
})

test('a count that has become smaller started over: no negative spike', () => {
  expect(
    reported([
      ['a', reading(T, 500)],
      ['a', reading(T + 10_000, 4)],
    ]),
  ).toEqual([[0, 4]])
})

test('after a long gap it is not known when it was counted', () => {
  expect(
    reported([
      ['a', reading(T, 0)],
      ['a', reading(T + 300_000, 900)],
      ['a', reading(T + 310_000, 905)],
    ]),
  ).toEqual([[30, 5]])
})

test('what a cut reading lacked is not counted as new', () => {
  const cut = reading(T, 1, { whole: false })
  const both = reading(T + 10_000, 2)
  const counts = new Map([...both.counts, ['other', { total: 80_000 }]])
  expect(
    reported([
      ['a', cut],
      ['a', { ...both, counts }],
    ]),
  ).toEqual([[0, 1]])
})

test('buckets are reported as their increase since', () => {
  const counts = increases()
  const spreads: (readonly number[] | undefined)[] = []
  const of = (at: number, total: number, buckets: number[]): CountReading => ({
    at,
    whole: true,
    counts: new Map([['seconds', { total, buckets }]]),
  })
  const take = (one: CountReading) => counts.take('a', one, (_step, _series, _amount, buckets) => spreads.push(buckets))
  take(of(T, 3, [1, 2]))
  take(of(T + 10_000, 7, [1, 6]))
  take(of(T + 20_000, 2, [2, 0]))
  expect(spreads).toEqual([
    [0, 4],
    [2, 0],
  ])
})
