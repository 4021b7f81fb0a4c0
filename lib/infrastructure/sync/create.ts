import type { Sql } from 'postgres'
import { loadAdapter } from '../../core/load-adapter.ts'
import { postgresAccess } from '../kv/index.ts'
import { memorySyncStore } from './adapters/memory.ts'
import type { Syncs } from './port.ts'
import { syncsOver } from './sync.ts'

/** How long a query on the state of a sync may take (ms); a page is applied without a limit. */
const QUERY_TIMEOUT = 10_000

export interface SyncDependencies {
  /** The database to which items are applied: a pool of postgres.js with at least two connections; it is not closed here. In memory when absent. */
  sql?: Sql
}

/** What is pulled from outside APIs, kept in step: fully, by a mark, or by webhooks with either to find what those missed. */
export async function createSyncs({ sql }: SyncDependencies = {}): Promise<Syncs> {
  if (!sql) return syncsOver(memorySyncStore())
  const { postgresSyncStore } = await loadAdapter('Syncs in Postgres', () => import('./adapters/postgres.ts'))
  return syncsOver(postgresSyncStore(await postgresAccess({ sql }, { timeoutMs: QUERY_TIMEOUT, name: 'sync' })))
}
