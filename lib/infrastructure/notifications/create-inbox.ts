import type { Sql } from 'postgres'
import { loadAdapter } from '../../core/load-adapter.ts'
import { postgresAccess } from '../kv/index.ts'
import { memoryInbox } from './adapters/memory-inbox.ts'
import type { Inbox } from './inbox.ts'

/** How long a query may take (ms). */
export const QUERY_TIMEOUT = 10_000

export interface StoredIn {
  /** The service's database: a pool of postgres.js; it is not closed here. In memory when absent. */
  sql?: Sql
}

/** Notifications that the app shows of its own. */
export async function createInbox({ sql }: StoredIn = {}): Promise<Inbox> {
  if (!sql) return memoryInbox()
  const { postgresInbox } = await loadAdapter('An inbox in Postgres', () => import('./adapters/postgres-inbox.ts'))
  return postgresInbox(await postgresAccess({ sql }, { timeoutMs: QUERY_TIMEOUT, name: 'notifications' }))
}
