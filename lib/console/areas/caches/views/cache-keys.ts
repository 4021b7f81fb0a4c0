import { z } from 'zod'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { countWithin } from '../count-within.ts'
import { namespaceOf } from '../namespace.ts'

const SHOWN = 50

export interface CacheKeysData {
  keys: Part<{ count?: number; precision: 'exact' | 'sampled' | 'unknown'; sample: string[] }>
}

/** The keys of a cache in its shared layer: how many match, and some of them. Needs a scan of that Redis, so it runs only on request. */
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
      const found = cache ? (await namespaceOf(environment, cache)).shared : undefined
      if (!found) return { precision: 'unknown' as const, sample: [] }
      const where =
        by === 'tag' ? { by, tag: value } : by === 'key' ? { by, key: value } : { by, pattern: value || '*' }
      return countWithin(signal => found.layer.count(where, { signal, sample: SHOWN }))
    }
  },
})
