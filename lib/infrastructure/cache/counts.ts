import { Namespaces } from './namespaces.ts'
import type { CacheActivity, CacheReport, LayerStats } from './report.ts'

/** What a cache counts, cumulative since the start. */
export interface Counts {
  l1: LayerStats
  l2: LayerStats
  totals: CacheReport['totals']
  activity: CacheActivity
  namespaces: Namespaces
}

export function newCounts(): Counts {
  const layer = { hits: 0, misses: 0, sets: 0, deletes: 0, errors: 0 }
  return {
    l1: { layer: 'l1', ...layer },
    l2: { layer: 'l2', ...layer },
    totals: { hits: 0, misses: 0, stale: 0, filled: 0, barred: 0, refreshErrors: 0 },
    activity: { joined: 0, waited: 0, takenOver: 0, negative: 0, graced: 0, timeouts: 0, early: 0, otherSchema: 0 },
    namespaces: new Namespaces(),
  }
}
