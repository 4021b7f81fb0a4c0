import { z } from 'zod'
import { countWithin } from '../caches/count-within.ts'
import { namespaceOf } from '../caches/namespace.ts'
import type { Part } from '../part.ts'
import { part } from '../take-part.ts'
import { defineView } from './define.ts'
import { text } from './text-filters.ts'

const SHOWN = 50

export interface CacheKeysData {
  keys: Part<{ count?: number; precision: 'exact' | 'sampled' | 'unknown'; sample: string[] }>
}

/** The keys of a cache in its shared layer: how many match, and some of them. Costs a walk over the keys of that Redis, so it is asked for by hand. */
export const cacheKeysView = defineView({
  id: 'cache-keys',
  title: 'Keys of a cache',
  permission: 'key:read',
  topics: [],
  filters: z.object({
    cache: text(300),
    by: z.enum(['pattern', 'tag', 'key']).default('pattern'),
    value: text(500),
  }),
  freshFor: 5_000,
  async read({ environment }, { cache, by, value }): Promise<CacheKeysData> {
    return {
      keys: await part('Redis', environment.outages, look()),
    }

    async function look() {
      const found = cache ? await namespaceOf(environment, cache) : undefined
      if (!found) return { precision: 'unknown' as const, sample: [] }
      const where =
        by === 'tag' ? { by, tag: value } : by === 'key' ? { by, key: value } : { by, pattern: value || '*' }
      return countWithin(signal => found.layer.count(where, { signal, sample: SHOWN }))
    }
  },
})
