import { resolve } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import * as schema from '../../../../../drizzle/schema/index.ts'
import { createDatabase } from '../../../../infrastructure/database/index.ts'
import { reasonOf } from '../../part/reason.ts'
import type { Store } from '../port.ts'

const CHANNEL = 'substation_live'
/** Any number works, as long as every console uses the same: it keeps two of them from migrating at once. */
const MIGRATION_LOCK = 7_281_104_390

export function migrationsFolder(): string {
  return resolve(/* turbopackIgnore: true */ process.cwd(), 'drizzle', 'migrations')
}

/** Brings the console's tables up to date, one console at a time. Its journal is in its own schema. */
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
 * Opens the console's store. Resolves without waiting for Postgres: tables are brought up to date in the background, retrying until
 * Postgres is there, because a console without its database must still show what it can.
 */
export async function openStore(
  url: string,
  options: { folder?: string; onReady?: () => void; onDown?: (error: unknown) => void } = {},
): Promise<Store> {
  const database = await createDatabase(
    { url, name: 'substation', connectTimeoutMs: 2_000, statementTimeoutMs: 5_000, idleTimeoutMs: 60_000 },
    { schema },
  )
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
      const known = reason
      reason = reasonOf('Postgres', error)
      if (reason !== known) options.onDown?.(error)
      retry = setTimeout(prepare, 1_000)
    }
  }
  const prepared = prepare()

  return {
    db: database.orm,
    get state() {
      return state
    },
    get reason() {
      return reason
    },
    async ping() {
      await database.ping()
    },
    notify: async (environment, topics) => {
      await database.sql.notify(CHANNEL, JSON.stringify({ environment, topics }))
    },
    async listen(listener) {
      await database.sql.listen(CHANNEL, text => {
        const { environment, topics } = JSON.parse(text) as { environment: string; topics: string[] }
        listener(environment, topics)
      })
    },
    async close() {
      closed = true
      clearTimeout(retry)
      await prepared
      await database.close({ timeoutMs: 2_000 })
    },
  }
}
