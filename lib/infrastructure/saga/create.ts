import type { Sql } from 'postgres'
import { loadAdapter } from '../../core/load-adapter.ts'
import { postgresAccess } from '../kv/index.ts'
import { memorySagaStore } from './adapters/memory.ts'
import type { Sagas } from './port.ts'
import { sagasOver } from './sagas.ts'

/** How long a query on the state of a saga may take (ms); a step has no limit but its own. */
const QUERY_TIMEOUT = 10_000

export interface SagaOptions {
  /** Errors that no one waits for: the store does not answer, or another process has taken over a saga. */
  onError?(error: unknown): void
}

export interface SagaDependencies {
  /** The service's database: a pool of postgres.js with at least two connections; it is not closed here. In memory when absent. */
  sql?: Sql
}

/** Work in several steps that is completed, or taken back step by step. */
export async function createSagas(
  { onError = () => undefined }: SagaOptions = {},
  { sql }: SagaDependencies = {},
): Promise<Sagas> {
  if (!sql) return sagasOver(memorySagaStore(), onError)
  const { postgresSagaStore } = await loadAdapter('Sagas in Postgres', () => import('./adapters/postgres.ts'))
  return sagasOver(
    postgresSagaStore(await postgresAccess({ sql }, { timeoutMs: QUERY_TIMEOUT, name: 'saga' })),
    onError,
  )
}
