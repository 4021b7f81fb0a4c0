import { expect, test, vi } from 'vitest'
import type { FleetCollector, FleetProcess } from '../../fleet/port.ts'
import { hitRatioSource } from './hit-ratios.ts'

const ORIGIN = { status: 'up', at: 0 } as const
const layer = (name: 'l1' | 'l2', hits: number, misses: number, rest = {}) => ({
  layer: name,
  ...{ hits, misses, sets: 0, deletes: 0, errors: 0 },
  ...rest,
})

function item(hits: number, misses: number, evictions: number, bytes: number) {
  return {
    ...{ name: 'catalogue', namespace: 'catalogue', layers: ['l1', 'l2'], epoch: 0, l1Entries: 1, l1Max: 9 },
    stats: [layer('l1', Math.max(0, hits - 10), misses + 10, { evictions, bytes }), layer('l2', 10, misses)],
    totals: { hits, misses, stale: 0, filled: 0, barred: 0, refreshErrors: 0 },
  }
}
const process = (id: string, state: string, cache: object, rev: number) =>
  ({
    id,
    instance: id,
    service: 's',
    state,
    details: new Map([['caches', { rev, at: 0, items: [cache], total: 1 }]]),
  }) as unknown as FleetProcess

test('between two samples: ratios by layer, lookups, those answered, evictions; and what memory holds, of living processes', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  let processes: FleetProcess[] = []
  const fleet = { read: async () => ({ ...ORIGIN, data: { processes } }) } as unknown as FleetCollector
  const source = hitRatioSource(fleet)
  const sample = async () =>
    Object.fromEntries((await source.sample(AbortSignal.timeout(1_000))).map(({ series, value }) => [series, value]))
  try {
    processes = [process('a', 'up', item(100, 100, 5, 700), 1), process('b', 'lost', item(1, 1, 1, 9_000), 1)]
    expect(await sample()).toEqual({ 'cache_memory_bytes{cache="catalogue"}': 700 })
    now.mockReturnValue(10_000)
    processes = [process('a', 'up', item(180, 120, 25, 900), 2), process('c', 'up', item(0, 0, 0, 50), 1)]
    expect(await sample()).toEqual({
      'cache_calls{cache="catalogue"}': 10,
      'cache_answered{cache="catalogue"}': 8,
      'cache_evictions{cache="catalogue"}': 2,
      'cache_memory_bytes{cache="catalogue"}': 950,
      'cache_hit_ratio{cache="catalogue",layer="any"}': 0.8,
      'cache_hit_ratio{cache="catalogue",layer="l1"}': 0.8,
      'cache_hit_ratio{cache="catalogue",layer="l2"}': 0,
    })
  } finally {
    now.mockRestore()
  }
})
