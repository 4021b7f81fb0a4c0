import type { AdoptedCache, AdoptionDetails } from '../adopted.ts'
import { adoptedCache } from '../adopted-cache.ts'
import { type KeyvLike, keyvLayer } from './keyv-layer.ts'
import { layerNames, releaseAll, stackStats, stackTargets, storeOf } from './keyv-stack.ts'

/** The part of Cacheable (v2) that is used. */
export interface CacheableLike {
  readonly primary: KeyvLike
  readonly secondary?: KeyvLike | undefined
  /** Absent before 2.5. */
  readonly tags?: { readonly enabled: boolean; invalidateTag(tag: string): Promise<unknown> }
  onHook(event: string, handler: (data: unknown) => void): void
  removeHook(event: string, handler: (data: unknown) => void): void
}

/** With tags, their versions are among the entries. */
const TAG_KEYS = '--cacheable--tags--:'

const FORGETS_TAGS =
  'The memory of each process is emptied as a whole. cacheable forgets the tags of an entry when a process finds it outdated: another one that reads it at that moment may go on serving it.'

/**
 * Shows a Cacheable among the caches. Its layers are invalidated one by one: its own `delete` and `clear` do not wait for the secondary
 * store where it is non-blocking. Tags need `tags: true`.
 */
export function adoptCacheable(cacheable: CacheableLike, details: AdoptionDetails): AdoptedCache {
  const kind = 'cacheable'
  const { primary, secondary, tags } = cacheable
  const memory = keyvLayer(primary)
  const layers = secondary ? [memory, keyvLayer(secondary)] : [memory]
  const tagged = tags?.enabled ? tags : undefined
  const counted = { hits: 0, misses: 0 }
  const count = (result: unknown) => {
    if (result) counted.hits++
    else counted.misses++
  }
  const afterGet = (data: unknown) => count((data as { result: unknown }).result)
  const afterGetMany = (data: unknown) => (data as { result: unknown[] }).result.forEach(count)
  cacheable.onHook('AFTER_GET', afterGet)
  cacheable.onHook('AFTER_GET_MANY', afterGetMany)

  return adoptedCache({
    kind,
    details,
    namespace: primary.namespace,
    store: storeOf(layers),
    layers: layerNames(layers),
    targets: {
      ...stackTargets(layers, { kind, except: [TAG_KEYS] }),
      tag: tagged
        ? {
            exact: secondary === undefined,
            ...(secondary ? { once: true, note: FORGETS_TAGS } : {}),
            async run(tag, memoryOnly) {
              if (!memoryOnly) await layers.at(-1)?.during(() => tagged.invalidateTag(tag))
              if (secondary) await memory.clear()
            },
          }
        : 'Tags are not enabled in this Cacheable (tags: true).',
    },
    stats: () => stackStats(layers),
    totals: () => ({ ...counted }),
    unmeasured: ['bytes in memory'],
    release() {
      releaseAll(layers)
      cacheable.removeHook('AFTER_GET', afterGet)
      cacheable.removeHook('AFTER_GET_MANY', afterGetMany)
    },
  })
}
