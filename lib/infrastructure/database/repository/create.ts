import { loadAdapter } from '../../../core/load-adapter.ts'
import type { Cache } from '../../cache/index.ts'
import type { DrizzleAccess, StoreParts } from './adapters/drizzle-store.ts'
import type { RowStore } from './row-store.ts'

/** What repositories over Drizzle share. */
export interface DrizzleRepositories {
  readonly cache?: Cache
  store(parts: StoreParts): RowStore
}

/**
 * For the constructors of repositories: they join the transactions of `createTransactions`, and keep found entities in the cache
 * where there is one.
 */
export async function createRepositories({
  transactions,
  cache,
}: {
  transactions: DrizzleAccess
  cache?: Cache
}): Promise<DrizzleRepositories> {
  const { drizzleStores } = await loadAdapter('A repository', () => import('./adapters/drizzle-store.ts'))
  return { store: drizzleStores(transactions), ...(cache ? { cache } : {}) }
}
