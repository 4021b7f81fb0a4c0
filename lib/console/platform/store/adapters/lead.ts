import { sql as query } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from '../../../../../drizzle/schema/index.ts'
import { InfrastructureError } from '../../../../core/errors.ts'
import { type Lead, LeadLostError, type Tx } from '../port.ts'

/**
 * Whether this very session holds the lock of `lead.name`. Its pid alone is not enough: after a reconnect another session may have it, and
 * in a container pids start over with each start of Postgres.
 */
const HOLDS = `exists (
  select from pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid = pg_catalog.pg_backend_pid()
    and l.database = (select oid from pg_database where datname = current_database())
    and l.classid = ((hashtextextended(lead.name, 0) >> 32) & 4294967295)::oid
    and l.objid = (hashtextextended(lead.name, 0) & 4294967295)::oid)`

/**
 * Leadership by a session's advisory lock, on a connection of its own. Postgres frees the lock when the connection ends, however
 * it ends; with keepalives a machine that vanished is noticed within seconds. Behind a pooler that hands out sessions
 * per transaction there is no such lock: the console's database needs a direct address.
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
  let held = false
  let asking: Promise<boolean> | undefined

  async function ask(): Promise<boolean> {
    try {
      const [now] = await sql<
        { held: boolean }[]
      >`select ${sql.unsafe(HOLDS)} as held from (values (${name}::text)) as lead (name)`
      if (now?.held) held = true
      else {
        const [asked] = await sql<
          { held: boolean }[]
        >`select pg_try_advisory_lock(hashtextextended(${name}, 0)) as held`
        held = asked?.held === true
      }
      return held
    } catch (error) {
      held = false
      throw error
    }
  }

  return {
    get held() {
      return held
    },
    claim() {
      // A server that hangs must not pile up one more waiting query every two seconds.
      asking ??= ask().finally(() => {
        asking = undefined
      })
      return within(asking)
    },
    transaction: work =>
      within(
        db.transaction(async tx => {
          const [now] = await tx.execute<{ held: boolean }>(
            query`select ${query.raw(HOLDS)} as held from (values (${name}::text)) as lead (name)`,
          )
          if (!now?.held) held = false
          if (!held) throw new LeadLostError(`${name} is led by another console`)
          return work(tx as Tx)
        }),
      ),
    async release() {
      held = false
      await sql.end({ timeout: 2 })
    },
  }
}

/** Longer than a statement may take: only a server that no longer answers is slower (ms). */
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
