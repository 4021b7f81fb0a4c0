import type { AdoptedCache, AdoptionDetails } from '../adopted.ts'
import { adoptedCache } from '../adopted-cache.ts'
import { type KeyvLike, keyvLayer } from './keyv-layer.ts'
import { layerNames, releaseAll, stackStats, stackTargets, storeOf } from './keyv-stack.ts'

/** The part of cache-manager (v6 and v7) that is used. */
export interface CacheManagerLike {
  readonly stores: readonly KeyvLike[]
}

export interface CacheManagerDetails extends AdoptionDetails {
  /** As it was created: it does not tell. It then asks all its stores at once, so that lookups cannot be counted over all of them. */
  nonBlocking?: boolean
}

/** Shows a cache of cache-manager among the caches. Its own events do not tell misses, so lookups are counted in its stores. */
export function adoptCacheManager(cache: CacheManagerLike, details: CacheManagerDetails): AdoptedCache {
  const kind = 'cache-manager'
  const layers = cache.stores.map(keyvLayer)
  return adoptedCache({
    kind,
    details,
    store: storeOf(layers),
    layers: layerNames(layers),
    targets: { ...stackTargets(layers, { kind }), tag: 'cache-manager has no tags.' },
    stats: () => stackStats(layers),
    totals() {
      if (details.nonBlocking) return undefined
      // What the last store misses is missed by all.
      return layers
        .map(layer => layer.stats())
        .reduce((sum, { hits, misses }) => ({ hits: sum.hits + hits, misses }), { hits: 0, misses: 0 })
    },
    unmeasured: [...(details.nonBlocking ? ['hit ratio over all its stores'] : []), 'bytes in memory'],
    release: () => releaseAll(layers),
  })
}
