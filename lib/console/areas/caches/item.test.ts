import { expect, test } from 'vitest'
import { CacheItem } from './item.ts'

const item = {
  name: 'catalog',
  namespace: 'catalog',
  layers: ['l1'],
  stats: [],
  totals: { hits: 0, misses: 0, stale: 0, filled: 0, barred: 0, refreshErrors: 0 },
  l1Entries: 0,
  l1Max: 0,
  epoch: 0,
}

test.each([
  ['listening', 'listening'],
  ['disconnected', 'disconnected'],
  ['deaf', 'disconnected'],
])('the bus state %s, which a library of any version reports, is read as %s', (bus, state) => {
  expect(CacheItem.parse({ ...item, bus }).bus).toBe(state)
})
