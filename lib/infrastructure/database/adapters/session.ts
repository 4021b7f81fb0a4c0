import postgres from 'postgres'
import { DatabaseError } from '../port.ts'
import { ofSession } from './host-choice.ts'
import { translated } from './postgres-error.ts'

/** A connection outside the pool, for what belongs to a session of the server and not to a transaction. */
export interface Session {
  /** Rejects with DatabaseError, or with the reason of the signal, which cancels the statement. */
  run(statement: string, parameters: string[], signal?: AbortSignal): Promise<postgres.Row[]>
  /** Aborted with a DatabaseError when the connection is lost. */
  readonly lost: AbortSignal
  close(): Promise<void>
}

/** It connects as the pool does, with the first statement. */
export function openSession(pool: postgres.Sql): Session {
  const lost = new AbortController()
  let closing = false
  const sql = postgres({
    // postgres.js takes options that it has parsed, as its own `listen` passes them.
    ...(pool.options as object),
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    socket: ofSession.get((pool.options as { socket?: object }).socket ?? pool),
    onclose() {
      if (!closing)
        lost.abort(new DatabaseError('The connection was lost', { code: 'DATABASE_UNREACHABLE', retryable: true }))
    },
  } as postgres.Options<Record<string, never>>)
  return {
    lost: lost.signal,
    async run(statement, parameters, signal) {
      signal?.throwIfAborted()
      lost.signal.throwIfAborted()
      const query = sql.unsafe(statement, parameters)
      const stop = () => query.cancel()
      signal?.addEventListener('abort', stop, { once: true })
      try {
        return await query
      } catch (error) {
        throw signal?.aborted ? signal.reason : translated(error)
      } finally {
        signal?.removeEventListener('abort', stop)
      }
    },
    async close() {
      closing = true
      await sql.end({ timeout: 1 })
    },
  }
}
