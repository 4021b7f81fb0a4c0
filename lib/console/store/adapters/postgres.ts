import { resolve } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import * as schema from '../../../../drizzle/schema/index.ts'
import { InfrastructureError } from '../../../core/errors.ts'
import { reasonOf } from '../../parts.ts'
import type { Store } from '../port.ts'

const CHANNEL = 'substation_live'
/** Any number will do, as long as every console uses the same: it keeps two of them from migrating at once. */
const MIGRATION_LOCK = 7_281_104_390

export class StoreUnavailableError extends InfrastructureError {
  override readonly code = 'STORE_UNAVAILABLE'
}

export function migrationsFolder(): string {
  return resolve(/* turbopackIgnore: true */ process.cwd(), 'drizzle', 'migrations')
}

/** Brings the console's tables up to date, one console at a time. Its journal lives in its own schema. */
export async function migrateStore(url: string, folder = migrationsFolder()): Promise<void> {
  const sql = postgres(url, { max: 2, connect_timeout: 5, onnotice: () => {} })
  try {
    const lock = await sql.reserve()
    try {
      await lock`select pg_advisory_lock(${MIGRATION_LOCK})`
      await migrate(drizzle(sql), {
        migrationsFolder: folder,
        migrationsSchema: 'substation',
        migrationsTable: 'migration',
      })
    } finally {
      await lock`select pg_advisory_unlock(${MIGRATION_LOCK})`.catch(() => {})
      lock.release()
    }
  } finally {
    await sql.end({ timeout: 2 })
  }
}

/**
 * Opens the console's store. Resolves at once: tables are brought up to date in the background, again and again until
 * Postgres is there, because a console without its database must still show what it can.
 */
export function openStore(url: string, options: { folder?: string; onReady?: () => void } = {}): Store {
  const sql = postgres(url, {
    max: 10,
    connect_timeout: 2,
    idle_timeout: 60,
    backoff: attempt => Math.min(0.1 * 2 ** attempt, 2),
    onnotice: () => {},
    connection: { application_name: 'substation', statement_timeout: 5_000 },
  })
  const db = drizzle(sql, { schema })
  let state: Store['state'] = 'migrating'
  let reason: string | undefined
  let closed = false
  let retry: NodeJS.Timeout | undefined

  async function prepare() {
    try {
      await migrateStore(url, options.folder)
      state = 'ready'
      reason = undefined
      options.onReady?.()
    } catch (error) {
      if (closed) return
      state = 'down'
      reason = reasonOf('Postgres', error)
      retry = setTimeout(prepare, 1_000)
    }
  }
  const prepared = prepare()

  return {
    db,
    get state() {
      return state
    },
    get reason() {
      return reason
    },
    ping: async () => {
      await sql`select 1`
    },
    notify: async (environment, topics) => {
      await sql.notify(CHANNEL, JSON.stringify({ environment, topics }))
    },
    async listen(listener) {
      await sql.listen(CHANNEL, text => {
        const { environment, topics } = JSON.parse(text) as { environment: string; topics: string[] }
        listener(environment, topics)
      })
    },
    async close() {
      closed = true
      clearTimeout(retry)
      await prepared
      await sql.end({ timeout: 2 })
    },
  }
}
