import { expect, test } from 'vitest'
import type { FleetProcess, FleetSnapshot } from '../../fleet/port.ts'
import { hotKeysOf } from './hot-keys.ts'

function process(state: FleetProcess['state'], ...items: unknown[]): FleetProcess {
  const details = new Map([['hotKeys', { rev: 1, at: 0, items, total: items.length }]])
  return { state, details } as unknown as FleetProcess
}
const report = (lookups: number, keys: object[], name = 'catalogue') => ({ name, lookups, keys })
const of = (...processes: FleetProcess[]) => hotKeysOf({ processes } as unknown as FleetSnapshot, 'catalogue')

test('shares are of all lookups of all living processes; other caches, lost processes and what is malformed do not count', () => {
  const found = of(
    process(
      'up',
      report(1_000, [
        { key: 'a', lookups: 500 },
        { key: 'b', lookups: 300 },
      ]),
      report(9, [], 'other'),
    ),
    process('late', report(1_000, [{ key: 'b', lookups: 700 }])),
    process('lost', report(1_000, [{ key: 'gone', lookups: 1_000 }])),
    process('up', { name: 'catalogue', lookups: -1, keys: 'none' }),
  )
  expect(found).toEqual({
    processes: 2,
    keys: [
      { key: 'b', share: 0.5, processes: 2 },
      { key: 'a', share: 0.25, processes: 1 },
    ],
  })
})

test('without lookups there is none, and a key that was cut is not another that ends there', () => {
  expect(of(process('up', report(0, [])))).toEqual({ processes: 1, keys: [] })
  expect(of()).toEqual({ processes: 0, keys: [] })
  const cut = of(
    process(
      'up',
      report(4, [
        { key: 'a', cut: true, lookups: 1 },
        { key: 'a', lookups: 2 },
      ]),
    ),
  )
  expect(cut.keys).toEqual([
    { key: 'a', share: 0.5, processes: 1 },
    { key: 'a', cut: true, share: 0.25, processes: 1 },
  ])
})
