import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from '../../../../drizzle/schema/index.ts'
import { InfrastructureError } from '../../../core/errors.ts'
import { type Lead, LeadLostError, type Tx } from '../port.ts'

/**
 * A lead held by a session's advisory lock, on a connection of its own. Postgres frees the lock when the connection ends, however
 * it ends; keepalives see to it that a machine that vanished is noticed within seconds. Behind a pooler that hands out sessions
 * by the transaction there is no such lock: the console's database needs a direct address.
 */
export function advisoryLead(url: string, name: string): Lead {
  const sql = postgres(url, {
    max: 1,
    connect_timeout: 2,
    max_lifetime: null,
    backoff: () => 1,
    onnotice: () => undefined,
    connection: {
      application_name: `substation:${name}`,
      statement_timeout: 10_000,
      tcp_keepalives_idle: 3,
      tcp_keepalives_interval: 2,
      tcp_keepalives_count: 3,
    },
  })
  const db = drizzle(sql, { schema })
  /** The session that holds the lock; after a reconnect there is another, which does not. */
  let session: number | undefined
  let asking: Promise<boolean> | undefined

  async function ask(): Promise<boolean> {
    try {
      const [now] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
      if (now && now.pid === session) return true
      session = undefined
      const [asked] = await sql<{ pid: number; held: boolean }[]>`
        select pg_backend_pid() as pid, pg_try_advisory_lock(hashtextextended(${name}, 0)) as held`
      session = asked?.held ? asked.pid : undefined
      return session !== undefined
    } catch (error) {
      session = undefined
      throw error
    }
  }

  return {
    get held() {
      return session !== undefined
    },
    claim() {
      // A server that hangs must not gather one more waiting question every two seconds.
      asking ??= ask().finally(() => {
        asking = undefined
      })
      return within(asking)
    },
    transaction: work =>
      within(
        db.transaction(async tx => {
          const [now] = await tx.execute<{ pid: number }>('select pg_backend_pid() as pid')
          if (session === undefined || now?.pid !== session)
            throw new LeadLostError(`${name} is led by another console`)
          return work(tx as Tx)
        }),
      ),
    async release() {
      session = undefined
      await sql.end({ timeout: 2 })
    },
  }
}

/** Above what a statement may take; only a server that no longer answers at all is slower. */
const DEADLINE = 12_000

async function within<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new InfrastructureError('Postgres does not answer', { retryable: true })),
      DEADLINE,
    ).unref()
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
