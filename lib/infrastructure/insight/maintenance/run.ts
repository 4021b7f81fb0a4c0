import { toDatabaseError } from '../../database/index.ts'
import { blockersOf, type Connection, openConnection, progressOf } from '../../migrations/index.ts'
import { quoted } from '../words.ts'
import type { Maintenance, MaintenanceDone, MaintenanceProgress } from './port.ts'

export interface MaintenanceOptions {
  url: string
  /** What its sessions are called. */
  application: string
  /** Aborting cancels the statement on the server; what it leaves is dropped then. */
  signal?: AbortSignal
  onProgress?: (progress: MaintenanceProgress) => void
}

const ASK_EVERY_MS = 1_000
/** For dropping what is left, which waits for older transactions too. */
const CLEANUP_MS = 60_000

/**
 * Runs one statement that cannot run in a transaction (CREATE INDEX CONCURRENTLY, VACUUM) on a session of its own, and reports how far it is.
 * Resolves also when the statement failed, with what it left; rejects with DatabaseError when nothing was sent.
 */
export async function runMaintenance(
  { statement, lockTimeoutMs, builds, copies }: Maintenance,
  { url, application, signal, onProgress }: MaintenanceOptions,
): Promise<MaintenanceDone> {
  const notices: string[] = []
  const connection = await openConnection(url, {
    application,
    onNotice: notice => notices.push(`${notice.severity}: ${notice.message}`),
  })
  const observer = await openConnection(url, { application }).catch(async error => {
    await connection.close()
    throw error
  })
  const leaves = builds ?? copies
  const cleanUp = async () => (leaves ? dropInvalid(observer, leaves, builds !== undefined) : { dropped: [], left: [] })
  try {
    signal?.throwIfAborted()
    const before = await cleanUp()
    await connection.send(`set lock_timeout = ${Math.round(lockTimeoutMs)}`)
    await connection.send('set statement_timeout = 0')
    // Ends the statement of a process that was killed. Postgres before 14 does not have this setting.
    await connection.send("set client_connection_check_interval = '2s'").catch(() => {})
    const failed = await sendWatched(connection, observer, statement, { signal, onProgress })
    if (!failed) return { ...before, notices }
    // Its error arrives before the server has given up the build, which would still count as under way.
    await connection.send('select 1').catch(() => {})
    // What was sent is never answered for by the error of looking after it.
    const after = await cleanUp().catch(() => undefined)
    const uncertain = connection.lost || failed.code === 'DATABASE_UNREACHABLE' || after === undefined
    const { dropped = [], left = [] } = after ?? {}
    return {
      dropped: [...before.dropped, ...dropped],
      left,
      notices,
      failed,
      ...(uncertain ? { uncertain } : {}),
    }
  } catch (error) {
    throw toDatabaseError(error)
  } finally {
    await Promise.all([connection.close(), observer.close()])
  }
}

async function sendWatched(
  connection: Connection,
  observer: Connection,
  statement: string,
  { signal, onProgress }: Pick<MaintenanceOptions, 'signal' | 'onProgress'>,
) {
  let asking = false
  const watch = setInterval(async () => {
    if (asking) return
    asking = true
    const progress = await look(observer, connection.pid).catch(() => undefined)
    asking = false
    if (progress) onProgress?.(progress)
  }, ASK_EVERY_MS)
  try {
    await connection.send(statement, [], signal)
    return undefined
  } catch (error) {
    return toDatabaseError(error)
  } finally {
    clearInterval(watch)
  }
}

async function look(observer: Connection, pid: number): Promise<MaintenanceProgress | undefined> {
  const progress = await progressOf(observer, pid)
  const blockers = await blockersOf(observer, pid)
  if (!progress && !blockers) return undefined
  const { phase = 'waiting', done, total = 0 } = progress ?? {}
  return { phase, ...(total > 0 ? { done, total } : {}), ...(blockers ? { waiting: blockers.message } : {}) }
}

/** The index itself, where it is INVALID, and the copies that REINDEX makes of it. One that someone is building now is left alone. */
async function dropInvalid(
  observer: Connection,
  { schema, name }: NonNullable<Maintenance['builds']>,
  itself: boolean,
): Promise<{ dropped: string[]; left: string[] }> {
  const { rows } = await observer.send(
    `select c.relname::text as name from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where not i.indisvalid and n.nspname = $1 and (${itself ? 'c.relname = $2 or ' : ''}starts_with(c.relname::text, $2 || '_cc') and c.relname ~ '_cc(new|old)\\d*$')
       and not exists (select from pg_stat_progress_create_index p where p.index_relid = c.oid)`,
    [schema, name],
  )
  const done = { dropped: [] as string[], left: [] as string[] }
  await observer.send(`set lock_timeout = ${CLEANUP_MS}`)
  for (const row of rows) {
    const index = String(row.name)
    const gone = await observer.send(`drop index concurrently if exists ${quoted(schema)}.${quoted(index)}`).then(
      () => true,
      () => false,
    )
    done[gone ? 'dropped' : 'left'].push(index)
  }
  return done
}
