import { z } from 'zod'
import type { Sizes } from '../../../../infrastructure/cache/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { namespaceOf } from '../namespace.ts'

/** Shorter than a part may take (ms): what was examined by then is shown as a sample. */
const LOOK_FOR = 1_800
const SHOWN = 20

export interface CacheSizesData {
  /** `found` is absent for a cache that has nothing in Redis. */
  sizes: Part<{ found?: Sizes }>
}

/** What takes the most memory of a cache in Redis. Scans and measures every key, so it runs only on request. */
export const cacheSizesView = defineView({
  id: 'cache-sizes',
  title: 'Largest keys of a cache',
  permission: 'key:read',
  topics: [],
  filters: z.object({ cache: text(300) }),
  freshFor: 5_000,
  async read({ environment }, { cache }): Promise<CacheSizesData> {
    async function look() {
      const shared = cache ? (await namespaceOf(environment, cache)).shared : undefined
      if (!shared) return {}
      return { found: await shared.layer.sizes({ signal: AbortSignal.timeout(LOOK_FOR), most: SHOWN }) }
    }
    return { sizes: await part('Redis', environment.outages, look()) }
  },
})
