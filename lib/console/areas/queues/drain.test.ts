import { expect, test } from 'vitest'
import { drainOf } from './drain.ts'

const STEP = 10_000
const values = (from: number, each: number, count = 31) => Array.from({ length: count }, (_, at) => from + at * each)

test('a backlog that shrinks by two a second is gone in its length by two', () => {
  expect(drainOf(1_200, values(1_800, -20), STEP)).toEqual({
    state: 'drains',
    ms: expect.closeTo(600_000, 3),
    perSecond: expect.closeTo(2, 6),
    overMs: 300_000,
  })
})

test('one that grows does not drain, and one that neither grows nor shrinks says so', () => {
  expect(drainOf(900, values(300, 20), STEP)).toMatchObject({ state: 'grows', perSecond: expect.closeTo(2, 6) })
  expect(drainOf(300, values(300, 0), STEP)).toEqual({ state: 'steady', overMs: 300_000 })
})

test('a jump at either end does not decide', () => {
  const uneven = values(1_800, -20).map((value, at) => (at === 30 ? value + 100 : value))
  expect(drainOf(1_300, uneven, STEP)).toMatchObject({ state: 'drains' })
})

test('a batch that came at once drains from its peak on', () => {
  const batch = [...values(5, 0, 20), ...values(480, -20, 11)]
  expect(drainOf(280, batch, STEP)).toEqual({
    state: 'drains',
    ms: expect.closeTo(140_000, 3),
    perSecond: expect.closeTo(2, 6),
    overMs: 100_000,
  })
  expect(drainOf(440, batch.slice(0, 23), STEP), 'not measured for long enough').toMatchObject({ state: 'grows' })
  expect(drainOf(420, values(480, -20, 4), STEP)).toMatchObject({ state: 'drains', overMs: 30_000 })
})

test('nothing waits, or it is not known: never a guess', () => {
  expect(drainOf(0, [], STEP)).toEqual({ state: 'empty' })
  expect(drainOf(undefined, values(9, 1), STEP)).toMatchObject({ state: 'unknown' })
  expect(drainOf(9, [null, 9, null, 8, null], STEP)).toMatchObject({ state: 'unknown' })
  expect(drainOf(9, [], STEP)).toMatchObject({ state: 'unknown' })
})
