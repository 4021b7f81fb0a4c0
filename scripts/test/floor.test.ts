import { expect, test } from 'vitest'
import { judge } from './floor.ts'

const floor = { lines: 90, branches: 85 }

test('less than the floor is refused, and the floor stays', () => {
  expect(judge({ lines: 89.9, branches: 99 }, floor)).toEqual({
    problems: ['89.9 % of lines are covered, less than the floor of 90 %.'],
  })
})

test('a floor that was lowered is refused', () => {
  expect(judge({ lines: 95, branches: 95 }, floor, { lines: 90, branches: 86 }).problems).toEqual([
    'The floor of branches was 86 %; it only rises.',
  ])
})

test('more is kept, a little below what was found; a little more is not', () => {
  expect(judge({ lines: 92.3, branches: 85.2 }, floor)).toEqual({ problems: [], raised: { lines: 91.5, branches: 85 } })
  expect(judge({ lines: 90.4, branches: 85.4 }, floor, floor)).toEqual({ problems: [] })
})
