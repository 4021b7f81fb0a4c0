import postgres from 'postgres'
import { toDatabaseError } from '../../database/index.ts'

/** A message of Postgres beside the results: NOTICE, WARNING, INFO. */
export interface Notice {
  severity: string
  message: string
}

export interface Sent {
  rows: readonly Record<string, unknown>[]
  /** Rows changed or returned, for commands that count them. */
  count?: number
}

/** One connection that is never replaced: every statement goes to the same backend, or is rejected. */
export interface Connection {
  readonly pid: number
  /** The backend is not the one we connected to: a pooler is in between. */
  readonly pooled: boolean
  readonly lost: boolean
  /** Sends one statement. Rejects with DatabaseError; aborting cancels it on the server and waits until it has stopped. */
  send(sql: string, parameters?: readonly (string | number | null)[], signal?: AbortSignal): Promise<Sent>
  close(): Promise<void>
}

export interface ConnectionOptions {
  application: string
  onNotice?: (notice: Notice) => void
}

/** The driver's own limit is for one attempt; ours, a little longer, for all of them (ms). */
const CONNECT_MS = 5_000
const ATTEMPTS_MS = 6_000

/**
 * A dedicated connection for a whole run. Session state (the lock, `set`) lasts as long as it does; when it breaks, every later `send`
 * rejects, because a driver that reconnects automatically would go on in the middle of a migration, outside its transaction.
 */
export async function openConnection(url: string, { application, onNotice }: ConnectionOptions): Promise<Connection> {
  let lost = false
  let closing = false
  let tellLost: (error: Error) => void = () => {}
  const breaking = new Promise<never>((_, reject) => {
    tellLost = reject
  })
  // It may break while nothing awaits this promise.
  breaking.catch(() => {})
  const pool = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: CONNECT_MS / 1_000,
    fetch_types: false,
    prepare: false,
    connection: { application_name: application },
    onnotice: notice => onNotice?.({ severity: String(notice.severity), message: String(notice.message) }),
    onclose() {
      lost = true
      if (!closing) tellLost(Object.assign(new Error('the connection broke'), { code: 'CONNECTION_CLOSED' }))
    },
  })
  try {
    // Queried before it is reserved: without types to fetch, a reservation does not open a connection.
    const answer = await withinAttempts(pool`select pg_backend_pid() as pid`)
    const reserved = await Promise.race([pool.reserve(), breaking])
    const pid = Number(answer[0]?.pid)
    // The pid from the connection's start-up, used for cancelling; a pooler sends one of its own.
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
        // The driver's types say that it is always present; CREATE and the like have none.
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
        // Ending the pool would wait for a reserved connection until the timeout.
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

/** A proxy without a server behind it accepts connections and closes them: the driver would try again without a pause and without an end. */
async function withinAttempts<T>(answer: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error('every attempt to connect was cut off'), { code: 'CONNECT_TIMEOUT' })
    timer = setTimeout(() => reject(error), ATTEMPTS_MS)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Resets everything that `set` has changed. */
export async function freshSession(connection: Connection): Promise<void> {
  await connection.send('reset all')
  // Ends the statement of a process that was killed. Postgres before 14 does not have this setting.
  await connection.send("set client_connection_check_interval = '2s'").catch(() => {})
}
