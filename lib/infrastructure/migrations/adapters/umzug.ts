import { type RunnableMigration, Umzug, type UmzugStorage } from 'umzug'
import { DatabaseError } from '../../database/index.ts'
import { admit } from '../admit.ts'
import { planDown, planUp } from '../migration-state.ts'
import {
  type DownOptions,
  type JournalRow,
  type MigrateOptions,
  type MigrationCollection,
  type MigrationDone,
  type MigrationEntry,
  MigrationError,
  type MigrationFile,
  type MigrationScript,
  type MigrationStatus,
  type Migrations,
  type UpOptions,
} from '../port.ts'
import { readCollection, readMigrations } from '../source.ts'
import { type Connection, openConnection } from './connection.ts'
import { inspect } from './inspect.ts'
import { createJournal, deleteRow, type JournalPlace, writeRow } from './journal.ts'
import { holdLock } from './lock.ts'
import { runScript } from './script.ts'

export interface MigrationsConfig {
  /** A direct address of the database, not a pooler's. Contains the password. */
  url: string
  /** The path of a folder, or migrations that are text in a program. */
  files: string | MigrationCollection
  /** The table of the journal; default: the collection's, `drizzle.__drizzle_migrations` for drizzle, else `substation_migrations.journal`. */
  journal?: { schema?: string; table?: string }
  /** How long a statement waits for a lock before its migration is rolled back (ms). */
  lockTimeoutMs: number
  /** How long a statement may run inside a transaction (ms); 0: without limit. */
  statementTimeoutMs: number
}

interface Context {
  connection: Connection
}

/** The connection of the readings: on its way, then open. */
interface Reader {
  opened: Promise<Connection>
  connection?: Connection
}

/** What must be decided under the lock is decided here; umzug gets the plan and carries it out in order. */
export function umzugMigrations(config: MigrationsConfig): Migrations {
  const { url, files, lockTimeoutMs, statementTimeoutMs } = config
  const [folder, ownJournal] = typeof files === 'string' ? [files] : [files.name, files.journal]
  const journal = config.journal ?? ownJournal
  const readFiles = async () => (typeof files === 'string' ? readMigrations(files) : readCollection(files))
  let reader: Reader | undefined

  const placeFor = (source: MigrationStatus['source']): JournalPlace => ({
    source,
    schema: journal?.schema ?? (source === 'drizzle' ? 'drizzle' : 'substation_migrations'),
    table: journal?.table ?? (source === 'drizzle' ? '__drizzle_migrations' : 'journal'),
  })

  async function look(connection: Connection): Promise<MigrationStatus> {
    const read = await readFiles()
    return inspect(connection, placeFor(read.source), read, folder)
  }

  /** One connection serves all readings; a broken one is replaced by the next reading. It is stored before any await, so that concurrent readings share it. */
  function reading(): Promise<Connection> {
    if (reader && !reader.connection?.lost) return reader.opened
    reader?.connection?.close().catch(() => {})
    const mine: Reader = { opened: openReader(url) }
    reader = mine
    mine.opened.then(
      connection => {
        mine.connection = connection
      },
      () => {
        reader = undefined
      },
    )
    return mine.opened
  }

  async function under(
    options: MigrateOptions,
    direction: 'up' | 'down',
    planOf: (status: MigrationStatus) => MigrationEntry[],
    createsJournal: boolean,
  ): Promise<MigrationDone[]> {
    const { by, signal, onOutput = () => {} } = options
    let current = ''
    const connection = await openConnection(url, {
      application: applicationOf(by),
      onNotice: notice => current && onOutput({ kind: 'notice', migration: current, ...notice }),
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
      const place = placeFor((await readFiles()).source)
      await holdLock(connection, place, options)
      // Read again under the lock: its previous holder may have done this already.
      const status = await look(connection)
      const plan = planOf(status)
      admit(status, plan, direction, { despite: options.despite, createsJournal })
      if (plan.length === 0) return []
      options.confirm?.(plan)
      if (!status.journal.exists) await makeJournal(connection, place, status)
      const done: MigrationDone[] = []
      const migrations = plan.map(entry => {
        const apply = async () => {
          current = entry.name
          // A plan that was admitted has the files it needs, and one to roll back has its lines.
          const file = entry.file as MigrationFile
          const script = (direction === 'up' ? file.up : file.down) as MigrationScript
          const record = (durationMs: number) =>
            direction === 'up'
              ? writeRow(connection, place, file, { by, durationMs })
              : deleteRow(connection, place, entry.name, entry.applied as JournalRow)
          const { name } = entry
          const say = onOutput
          done.push(
            await runScript({
              ...{ connection, observer, name, direction, script, signal, say, record },
              ...{ lockTimeoutMs, statementTimeoutMs },
            }),
          )
        }
        return { name: entry.name, up: apply, down: apply } satisfies RunnableMigration<Context>
      })
      await carryOut(migrations, direction, connection, done)
      return done
    } finally {
      await Promise.allSettled([connection.close(), observer.close()])
    }
  }

  return {
    status: async () => look(await reading()),
    up: async (options: UpOptions) =>
      under(
        options,
        'up',
        status => {
          known(status, options.to)
          return planUp(status.migrations, options.to)
        },
        options.createJournal === true,
      ),
    down: async (options: DownOptions) =>
      under(
        options,
        'down',
        status => {
          known(status, options.to)
          return planDown(status.migrations, options.to)
        },
        false,
      ),
    async close() {
      const opened = await reader?.opened.catch(() => undefined)
      await opened?.close()
    },
  }
}

async function openReader(url: string): Promise<Connection> {
  const connection = await openConnection(url, { application: 'substation-migrations' })
  try {
    await connection.send("set statement_timeout = '5s'")
    return connection
  } catch (error) {
    await connection.close()
    throw error
  }
}

async function makeJournal(connection: Connection, place: JournalPlace, { account, lacks }: MigrationStatus) {
  await createJournal(connection, place).catch(cause => {
    if (!(cause instanceof DatabaseError) || cause.code !== 'DATABASE_DENIED') throw cause
    throw new MigrationError(`The account ${account} may not create the journal ${place.schema}.${place.table}`, {
      code: 'MIGRATION_DENIED',
      cause,
      nextStep: lacks.map(({ grant }) => grant).join(' '),
    })
  })
}

function known({ migrations, folder }: MigrationStatus, to: string | null | undefined): void {
  if (to === undefined || to === null || migrations.some(entry => entry.name === to)) return
  throw new MigrationError(`There is no migration called ${to} in ${folder}`, {
    code: 'MIGRATION_UNKNOWN',
    nextStep: 'Use the full name of a migration, without .sql.',
  })
}

async function carryOut(
  migrations: RunnableMigration<Context>[],
  direction: 'up' | 'down',
  connection: Connection,
  done: MigrationDone[],
): Promise<void> {
  // The journal's lines are written within each migration's own transaction, so umzug logs nothing.
  const storage: UmzugStorage<Context> = {
    executed: async () => (direction === 'up' ? [] : migrations.map(migration => migration.name)),
    logMigration: async () => {},
    unlogMigration: async () => {},
  }
  const umzug = new Umzug<Context>({ migrations, context: { connection }, storage, logger: undefined })
  const names = migrations.map(migration => migration.name)
  try {
    await (direction === 'up' ? umzug.up({ migrations: names }) : umzug.down({ migrations: names }))
  } catch (error) {
    // Umzug wraps the error of a migration.
    const { cause } = error as Error
    if (cause instanceof MigrationError) throw Object.assign(cause, { done: [...done] })
    throw error
  }
}

/** Postgres keeps 63 bytes and replaces what is not ASCII by question marks. */
function applicationOf(by: string): string {
  return `substation-migrations ${by.normalize('NFKD').replaceAll(/[^\x20-\x7e]/g, '')}`.slice(0, 63).trim()
}
