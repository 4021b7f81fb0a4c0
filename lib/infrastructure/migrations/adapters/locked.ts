import { DatabaseError } from '../../database/index.ts'
import { type MigrateOptions, MigrationError, type MigrationOutput, type MigrationStatus } from '../port.ts'
import { type Connection, openConnection } from './connection.ts'
import { createJournal, type JournalPlace } from './journal.ts'
import { holdLock } from './lock.ts'
import type { Limits } from './script.ts'

/** What is needed to run scripts while nobody else does. */
export interface Locked<Status = MigrationStatus> extends Limits {
  connection: Connection
  /** Another connection, for queries while the first is busy. */
  observer: Connection
  place: JournalPlace
  /** Read under the lock: its previous holder may have done something. */
  status: Status
  by: string
  signal?: AbortSignal
  say(output: MigrationOutput): void
  /** The messages of Postgres are about this migration from now on. */
  about(migration: string): void
}

export interface LockedOptions<Status> extends Omit<MigrateOptions, 'confirm' | 'despite'> {
  url: string
  place(): Promise<JournalPlace>
  look(connection: Connection): Promise<Status>
  limits: Limits
}

/** Opens a session, takes the lock, does the work and closes the session, whatever happens. */
export async function locked<T, Status>(
  options: LockedOptions<Status>,
  work: (locked: Locked<Status>) => Promise<T>,
): Promise<T> {
  const { url, by, signal, onOutput: say = () => {}, limits } = options
  let current = ''
  const connection = await openConnection(url, {
    application: applicationOf(by),
    onNotice: notice => current && say({ kind: 'notice', migration: current, ...notice }),
  })
  const observer = await openConnection(url, { application: 'substation-migrations' }).catch(async error => {
    await connection.close()
    throw error
  })
  try {
    if (connection.pooled)
      throw new MigrationError('The address of this database leads through a pooler, which shares sessions', {
        code: 'MIGRATION_POOLED',
        nextStep: 'Configure the address of Postgres itself for migrations: the lock belongs to a session.',
      })
    const place = await options.place()
    await holdLock(connection, place, options)
    const status = await options.look(connection)
    const about = (migration: string) => {
      current = migration
    }
    return await work({ ...limits, connection, observer, place, status, by, signal, say, about })
  } finally {
    await Promise.all([connection.close(), observer.close()])
  }
}

/** Creates the journal where there is none. */
export async function ensureJournal({ connection, place, status }: Locked): Promise<void> {
  const { journal, account, lacks, migrations } = status
  if (journal.exists) return
  const stamped = migrations.some(({ file }) => file?.stamped)
  await createJournal(connection, place, stamped).catch(cause => {
    if (!(cause instanceof DatabaseError) || cause.code !== 'DATABASE_DENIED') throw cause
    throw new MigrationError(`The account ${account} may not create the journal ${place.schema}.${place.table}`, {
      code: 'MIGRATION_DENIED',
      cause,
      nextStep: lacks.map(({ grant }) => grant).join(' '),
    })
  })
}

/** Postgres keeps 63 bytes and replaces what is not ASCII by question marks. */
function applicationOf(by: string): string {
  return `substation-migrations ${by.normalize('NFKD').replaceAll(/[^\x20-\x7e]/g, '')}`.slice(0, 63).trim()
}
