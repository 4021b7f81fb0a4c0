import type { ActScope } from '../../../fleet/act-scope.ts'
import { type HeldKind, type Holder, holdersOf } from '../../../fleet/holders.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { CacheItem } from '../item.ts'

const CACHES: HeldKind<CacheItem> = { domain: 'caches', schema: CacheItem, noun: 'cache', field: 'cache' }

/** The living processes in scope that have this cache. Refuses when there are none. */
export function cacheHolders(
  environment: ConsoleEnvironment,
  cache: string,
  scope: ActScope,
): Promise<Holder<CacheItem>[]> {
  return holdersOf(environment, CACHES, cache, scope)
}
