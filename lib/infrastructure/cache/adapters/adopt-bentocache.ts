import { tracingChannel } from 'node:diagnostics_channel'
import type { AdoptedCache, AdoptedLayerStats, AdoptionDetails } from '../adopted.ts'
import { adoptedCache, noteOf } from '../adopted-cache.ts'

/** The part of a cache of bentocache (v1) that is used. */
interface BentocacheStore {
  delete(options: { key: string; suppressL2Errors?: boolean }): Promise<unknown>
  deleteByTag(options: { tags: string[] }): Promise<unknown>
  clear(options?: { suppressL2Errors?: boolean }): Promise<unknown>
  namespace(name: string): BentocacheStore
}

/** The part of BentoCache (v1) that is used. */
export interface BentocacheLike {
  readonly defaultStoreName: string
  use(store?: never): BentocacheStore
}

export interface BentocacheDetails extends AdoptionDetails {
  /** The default one when absent. */
  store?: string
  /** One namespace of that store; all of it when absent. */
  namespace?: string
  /** As it was created: it does not tell. */
  prefix?: string
  /** The layers its store was created with; both when absent. */
  layers?: readonly ('l1' | 'l2')[]
  /** Whether `l2CircuitBreakerDuration` is set. */
  l2CircuitBreaker?: boolean
}

const DEFAULT_PREFIX = 'bentocache'
const TAG_KEYS = '___bc:t:'
/** A key that nobody has. */
const PROBE = '___substation:probe'

/**
 * Shows a store of bentocache among the caches. Lookups are counted by its diagnostics channel, which tells the layers apart, as its events do not. It has no patterns,
 * since it cannot list keys.
 */
export function adoptBentocache(bento: BentocacheLike, details: BentocacheDetails): AdoptedCache {
  const { store = bento.defaultStoreName, namespace, layers = ['l1', 'l2'], prefix = DEFAULT_PREFIX } = details
  const whole = bento.use(store as never)
  const provider = namespace === undefined ? whole : whole.namespace(namespace)
  const keys = namespace === undefined ? `${prefix}:` : `${prefix}:${namespace}:`
  const counted = countLookups(store, keys)
  const shared = layers.includes('l2')
  const breaker =
    shared && details.l2CircuitBreaker
      ? 'While its circuit breaker for L2 is open, bentocache does not reach L2 and does not say so.'
      : undefined
  // With memory in front it would keep a failure of L2 to itself.
  const strict = { suppressL2Errors: false }
  /** Twice: between the two steps of the first, memory may be filled from L2 again. */
  const twice = async (act: () => Promise<unknown>) => {
    await act()
    if (layers.length > 1) await act()
  }
  const reachL2 = () => provider.delete({ key: PROBE, ...strict })
  return adoptedCache({
    kind: 'bentocache',
    details,
    namespace: namespace ?? prefix,
    ...(shared ? {} : { store: 'memory' }),
    layers,
    targets: {
      key: { exact: true, ...noteOf([breaker]), run: key => twice(() => provider.delete({ key, ...strict })) },
      pattern: 'bentocache cannot list its keys.',
      tag: {
        exact: false,
        ...noteOf([
          'Tags are times: where clocks of processes differ, entries stored within that difference are missed. Where grace is on, get() still serves tagged entries, and getOrSet() does when the factory fails.',
          breaker,
        ]),
        async run(tag) {
          // A tag that did not reach L2 is no error to bentocache: so L2 is asked before and after.
          await reachL2()
          await provider.deleteByTag({ tags: [tag] })
          await reachL2()
        },
      },
      all: {
        exact: true,
        ...noteOf([
          shared && namespace === undefined
            ? `Everything under the prefix ${prefix}: is removed, of other stores too.`
            : undefined,
          breaker,
        ]),
        run: () => twice(() => provider.clear(strict)),
      },
    },
    stats: () => layers.map(layer => counted.layer(layer, shared)),
    totals: () => ({ hits: counted.l1 + counted.l2, misses: counted.misses }),
    unmeasured: ['entries and bytes in memory'],
    release: counted.release,
  })
}

/** What bentocache publishes of one operation (v1.5 and later). */
interface Traced {
  operation: string
  store: string
  key?: string
  hit?: boolean
  tier?: 'l1' | 'l2'
}

function countLookups(store: string, keys: string) {
  const counts = { l1: 0, l2: 0, misses: 0 }
  const channel = tracingChannel<string, Traced>('bentocache.cache.operation')
  const asyncEnd = ({ operation, store: of, key = '', hit, tier }: Traced) => {
    if (of !== store || !key.startsWith(keys) || key.includes(TAG_KEYS)) return
    if (operation !== 'get' && operation !== 'getOrSet') return
    if (hit && tier !== undefined) counts[tier]++
    else counts.misses++
  }
  channel.subscribe({ asyncEnd } as Parameters<typeof channel.subscribe>[0])
  return Object.assign(counts, {
    /** A lookup that memory does not answer goes to L2. */
    layer: (layer: 'l1' | 'l2', shared: boolean): AdoptedLayerStats => ({
      layer,
      hits: counts[layer],
      misses: counts.misses + (layer === 'l1' && shared ? counts.l2 : 0),
    }),
    release() {
      channel.unsubscribe({ asyncEnd } as Parameters<typeof channel.subscribe>[0])
    },
  })
}
