import type { ActScope } from '../../../fleet/act-scope.ts'
import { type HeldKind, type Holder, holdersOf } from '../../../fleet/holders.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { CacheItem } from '../item.ts'

const CACHES: HeldKind<CacheItem> = { domain: 'caches', schema: CacheItem, noun: 'cache', field: 'cache' }

/**
 * The living processes in scope that have this cache, to be switched or warmed. Refuses when there are none, and for a cache of another library,
 * whose lookups do not pass through this one.
 */
export async function cacheHolders(
  environment: ConsoleEnvironment,
  cache: string,
  scope: ActScope,
): Promise<Holder<CacheItem>[]> {
  const holders = await holdersOf(environment, CACHES, cache, scope)
  const adopted = holders.find(({ item }) => item.adopted !== undefined)?.item.adopted
  if (adopted)
    throw new RefusalError({
      code: 'invalid',
      message: `${cache} is a cache of ${adopted.kind}: its lookups do not pass through this library, so it can be neither switched nor warmed from here.`,
      fields: { cache: `is of ${adopted.kind}` },
      nextStep: 'It can be invalidated.',
    })
  return holders
}
