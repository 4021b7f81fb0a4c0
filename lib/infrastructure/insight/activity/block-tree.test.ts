import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blockTree } from '../index.ts'

const shape = (sessions: { pid: number; blockedBy: number[] }[]) =>
  blockTree(sessions).map(({ pid, depth, waiting }) => [pid, depth, waiting.toSorted((a, b) => a - b)])

test('no one who waits makes no tree', () => {
  expect(blockTree([{ pid: 1, blockedBy: [] }])).toEqual([])
})

test('the root that holds up most comes first, its tree below it', () => {
  expect(
    shape([
      { pid: 1, blockedBy: [] },
      { pid: 2, blockedBy: [1] },
      { pid: 3, blockedBy: [] },
      { pid: 4, blockedBy: [3] },
      { pid: 5, blockedBy: [4] },
      { pid: 6, blockedBy: [3] },
    ]),
  ).toEqual([
    [3, 0, [4, 5, 6]],
    [4, 1, [5]],
    [5, 2, []],
    [6, 1, []],
    [1, 0, [2]],
    [2, 1, []],
  ])
})

test('who waits for several stands under the one nearest to a root, and names the others', () => {
  const nodes = blockTree([
    { pid: 1, blockedBy: [] },
    { pid: 2, blockedBy: [1] },
    { pid: 3, blockedBy: [2, 1, 1] },
  ])
  expect(nodes.at(-1)).toEqual({ pid: 3, depth: 1, parent: 1, alsoBlockedBy: [2], waiting: [] })
})

test('a blocker that is not among the sessions is a root too', () => {
  expect(shape([{ pid: 2, blockedBy: [0] }])).toEqual([
    [0, 0, [2]],
    [2, 1, []],
  ])
})

test('sessions that wait for each other have the lowest pid as their root', () => {
  expect(
    shape([
      { pid: 5, blockedBy: [4] },
      { pid: 4, blockedBy: [5] },
      { pid: 6, blockedBy: [5] },
    ]),
  ).toEqual([
    [4, 0, [5, 6]],
    [5, 1, [4, 6]],
    [6, 2, []],
  ])
})

test('whoever waits for whom, everyone involved stands there once and no deeper than there are sessions', () => {
  const waits = fc.array(fc.record({ pid: fc.nat(8), blockedBy: fc.array(fc.nat(8), { maxLength: 4 }) }), {
    maxLength: 9,
  })
  fc.assert(
    fc.property(waits, sessions => {
      const nodes = blockTree(sessions)
      const pids = nodes.map(({ pid }) => pid)
      expect(new Set(pids).size).toBe(pids.length)
      const last = new Map(sessions.map(({ pid, blockedBy }) => [pid, blockedBy.filter(by => by !== pid)]))
      const involved = [...last].flatMap(([pid, by]) => (by.length > 0 ? [pid, ...by] : []))
      expect(new Set(pids)).toEqual(new Set(involved))
      for (const { depth, parent } of nodes) expect(depth === 0).toBe(parent === undefined)
    }),
  )
})
