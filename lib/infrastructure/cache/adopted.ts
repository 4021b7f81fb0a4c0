import type { InvalidationTarget } from './port.ts'

/** By what a cache of another library may be invalidated. Entities, workspaces and users are known to caches of this library only. */
export type AdoptedTarget = 'key' | 'pattern' | 'tag' | 'all'

export interface AdoptedAbility {
  by: AdoptedTarget
  /**
   * What was cached before is not served after the process confirmed, except what was being read or made at that moment, which
   * no foreign library can be told to discard.
   */
  exact: boolean
  /** One process does it in the shared store for all; the others purge their memory. */
  once?: boolean
  /** What an operator should know before, as a sentence. */
  note?: string
}

/** What can be done with a cache of another library, and what of it cannot be measured, for people. */
export interface Adoption {
  /** Whose it is, such as `bentocache`. */
  kind: string
  /** Where its values are, when it is known. */
  store?: string
  can: AdoptedAbility[]
  /** Why not, as a sentence. */
  cannot: { by: AdoptedTarget; why: string }[]
  /** Figures that its library does not let be measured. */
  unmeasured: string[]
}

/** Counts since the start, of this process. */
export interface AdoptedLayerStats {
  layer: 'l1' | 'l2'
  hits: number
  misses: number
  /** Entries now. */
  size?: number
}

/** Those fields of a CacheReport that can be measured. What is absent is unknown. */
export interface AdoptedCacheReport {
  name: string
  namespace: string
  layers: ('l1' | 'l2')[]
  stats: AdoptedLayerStats[]
  totals?: { hits: number; misses: number }
  l1Entries?: number
  /** Always 0: foreign caches do not number their invalidations. */
  epoch: 0
  lastInvalidation?: { at: number; where: InvalidationTarget; epoch: number }
  adopted: Adoption
  owner?: string
  runbook?: string
  revision: number
}

/** A cache of another library, as the fleet sees it. Its service goes on using the library itself. */
export interface AdoptedCache {
  readonly name: string
  /** Changes whenever the report does. */
  readonly revision: number
  report(): AdoptedCacheReport
  /**
   * Invalidates in the shared store and in the memory of this process, or with `memoryOnly` in the latter. Rejects with CacheError
   * `CACHE_UNSUPPORTED` for what its library cannot do, and when its store did not take it.
   */
  applyInvalidation(where: InvalidationTarget, epoch?: number, options?: { memoryOnly?: boolean }): Promise<void>
  /** Stops measuring. The cache stays open: it is its service's. */
  release(): void
}

/** What every adopter takes. */
export interface AdoptionDetails {
  /** Unique in the process; caches of one name in several processes are shown as one. */
  name: string
  owner?: string
  runbook?: string
}
