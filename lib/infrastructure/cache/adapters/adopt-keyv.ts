import type { AdoptedCache, AdoptionDetails } from '../adopted.ts'
import { adoptedCache } from '../adopted-cache.ts'
import { type KeyvLike, keyvLayer } from './keyv-layer.ts'
import { layerNames, stackStats, stackTargets, storeOf } from './keyv-stack.ts'

export type { KeyvLike }

/**
 * Shows a Keyv (v5) among the caches. Lookups are counted by its hooks. By pattern and as a whole a shared store can be invalidated only
 * with a namespace, since its other keys may be anybody's; Keyv has no tags.
 */
export function adoptKeyv(keyv: KeyvLike, details: AdoptionDetails): AdoptedCache {
  const layer = keyvLayer(keyv)
  const layers = [layer]
  return adoptedCache({
    kind: 'Keyv',
    details,
    namespace: keyv.namespace,
    store: storeOf(layers),
    layers: layerNames(layers),
    targets: { ...stackTargets(layers, { kind: 'Keyv' }), tag: 'Keyv has no tags.' },
    stats: () => stackStats(layers),
    totals() {
      const { hits, misses } = layer.stats()
      return { hits, misses }
    },
    unmeasured: layer.layer === 'l2' ? ['entries'] : ['bytes in memory'],
    release: layer.release,
  })
}
