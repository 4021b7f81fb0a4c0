import type { Sql } from 'postgres'
import { loadAdapter } from '../../core/load-adapter.ts'
import { postgresAccess } from '../kv/index.ts'
import { memoryMessageStore } from './adapters/memory.ts'
import { messagesOver } from './messages.ts'
import type { Messages } from './port.ts'

/** How long a query may take (ms). */
const QUERY_TIMEOUT = 10_000

export interface MessagesDependencies {
  /** The service's database: a pool of postgres.js; it is not closed here. In memory when absent. */
  sql?: Sql
}

/** The log of messages that email and notifications write. */
export async function createMessages({ sql }: MessagesDependencies = {}): Promise<Messages> {
  if (!sql) return messagesOver(memoryMessageStore())
  const { postgresMessageStore } = await loadAdapter('Messages in Postgres', () => import('./adapters/postgres.ts'))
  return messagesOver(
    postgresMessageStore(await postgresAccess({ sql }, { timeoutMs: QUERY_TIMEOUT, name: 'messages' })),
  )
}
