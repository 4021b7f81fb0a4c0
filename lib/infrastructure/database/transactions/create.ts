import { loadAdapter } from '../../../core/load-adapter.ts'
import type { Schema } from '../adapters/drizzle.ts'
import type { PostgresDatabase } from '../adapters/postgres.ts'
import type { DrizzleTransactions } from './drizzle-transactions.ts'

/** Transactions of this pool. `onError` gets what hooks reject with, which cannot change the outcome any more. */
export async function createTransactions<S extends Schema = Record<string, never>>(
  database: PostgresDatabase<S>,
  options: { onError?: (error: unknown) => void } = {},
): Promise<DrizzleTransactions<S>> {
  const { drizzleTransactions } = await loadAdapter('Transactions', () => import('./drizzle-transactions.ts'))
  return drizzleTransactions(database, options)
}
