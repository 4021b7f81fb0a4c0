import postgres from 'postgres'
import { toDatabaseError } from '../../database/index.ts'

/** What Postgres says on the side: NOTICE, WARNING, INFO. */
export interface Notice {
  severity: string
  message: string
}

export interface Sent {
  rows: readonly Record<string, unknown>[]
  /** Rows changed or given, for commands that count them. */
  count?: number
}

/** One connection, never replaced by another: what is said to it is said to the same backend, or rejected. */
export interface Connection {
  readonly pid: number
  /** The backend is not the one we were connected to: a pooler hands sessions out. */
  readonly pooled: boolean
  readonly lost: boolean
  /** Sends one statement. Rejects with DatabaseError; aborting cancels it on the server and waits until it has stopped. */
  send(sql: string, parameters?: readonly (string | number | null)[], signal?: AbortSignal): Promise<Sent>
  close(): Promise<void>
}

/**
 * A connection of its own for a whole run. Session state (the lock, `set`) lives as long as it does; when it breaks, so does every later
 * `send`, because a driver that reconnects by itself would go on in the middle of a migration, outside its transaction.
 */
export async function openConnection(
  url: string,
  { application, onNotice }: { application: string; onNotice?: (notice: Notice) => void },
): Promise<Connection> {
  let lost = false
  let closing = false
  let tellLost: (error: Error) => void = () => {}
  const breaking = new Promise<never>((_, reject) => {
    tellLost = reject
  })
  // Nobody may be listening when it breaks.
  breaking.catch(() => {})
  const pool = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 5,
    fetch_types: false,
    prepare: false,
    connection: { application_name: application },
    onnotice: notice => onNotice?.({ severity: notice.severity ?? 'NOTICE', message: notice.message ?? '' }),
    onclose() {
      lost = true
      if (!closing) tellLost(Object.assign(new Error('the connection broke'), { code: 'CONNECTION_CLOSED' }))
    },
  })
  try {
    // Asked before it is reserved: without types to fetch, a reservation does not open a connection by itself.
    const answer = await pool`select pg_backend_pid() as pid`
    const reserved = await Promise.race([pool.reserve(), breaking])
    const pid = Number(answer[0]?.pid)
    // The pid that Postgres gave when we connected, for cancelling; a pooler makes one up.
    const connected = Number(answer.state.pid)

    async function send(
      sql: string,
      parameters: readonly (string | number | null)[] = [],
      signal?: AbortSignal,
    ): Promise<Sent> {
      signal?.throwIfAborted()
      if (lost) return breaking
      const query = reserved.unsafe(sql, [...parameters])
      const cancel = () => query.cancel()
      signal?.addEventListener('abort', cancel, { once: true })
      try {
        const result = await Promise.race([query.execute(), breaking])
        // The driver types it as always there; CREATE and the like have none.
        const count = result.count as number | null
        return { rows: [...result], ...(count === null ? {} : { count }) }
      } finally {
        signal?.removeEventListener('abort', cancel)
      }
    }
    return {
      pid,
      pooled: connected !== pid,
      get lost() {
        return lost
      },
      send: (...args) =>
        send(...args).catch(error => {
          throw toDatabaseError(error)
        }),
      async close() {
        closing = true
        // One that is reserved would be waited for until the timeout.
        if (!lost) reserved.release()
        await pool.end({ timeout: 1 })
      },
    }
  } catch (error) {
    closing = true
    await pool.end({ timeout: 0 }).catch(() => {})
    throw toDatabaseError(error)
  }
}

/** Takes back whatever `set` has changed. */
export async function freshSession(connection: Connection): Promise<void> {
  await connection.send('reset all')
  // A process that is killed must not leave a statement running for nobody. Postgres before 14 does not know it.
  await connection.send("set client_connection_check_interval = '2s'").catch(() => {})
}
