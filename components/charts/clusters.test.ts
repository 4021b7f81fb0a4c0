import { expect, test } from 'vitest'
import { clustersOf, withRoom } from './clusters'

test('neighbours that would lie over each other are one; what is off the axis is none', () => {
  const clusters = clustersOf([90, 10, 11, 13, -1, 101], at => at / 100, 0.02)
  expect(clusters).toEqual([
    { share: 0.1, members: [10, 11] },
    { share: 0.13, members: [13] },
    { share: 0.9, members: [90] },
  ])
})

test('words go to the weightiest, and to no neighbour of theirs', () => {
  const items = [
    { at: 0.1, value: 1 },
    { at: 0.2, value: 9 },
    { at: 0.4, value: 3 },
    { at: 0.9, value: 2 },
  ]
  const chosen = withRoom(items, { shareOf: ({ at }) => at, weightOf: ({ value }) => value, least: 0.3 })
  expect([...chosen].map(({ value }) => value)).toEqual([9, 2])
})
