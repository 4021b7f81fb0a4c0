import { parseJson } from '../../../core/json.ts'
import { admit, unrunnable } from '../admit.ts'
import { planDown, planUp, runnable } from '../migration-state.ts'
import {
  type DownOptions,
  type MigrateOptions,
  type MigrationCollection,
  type MigrationDone,
  type MigrationEntry,
  MigrationError,
  type MigrationStatus,
  type Migrations,
  type UpOptions,
} from '../port.ts'
import { readCollection, readMigrations } from '../source.ts'
import { textIn } from '../sources/folder.ts'
import { baselineOf } from './baseline.ts'
import { type Connection, openConnection } from './connection.ts'
import { driftFrom, snapshotFor } from './drift.ts'
import { openForecast } from './forecast/statement.ts'
import { impactReader } from './impact.ts'
import { inspect } from './inspect.ts'
import type { JournalPlace } from './journal.ts'
import { ensureJournal, type Locked, locked } from './locked.ts'
import { runOneByOne } from './one-by-one.ts'
import { type Limits, limitsOf } from './script.ts'
import { dryRunOf, runTogether } from './together.ts'

export interface MigrationsConfig extends Partial<Limits> {
  /** A direct address of the database, not a pooler's. Contains the password. */
  url: string
  /** The path of a folder, or migrations that are text in a program. */
  files: string | MigrationCollection
  /** The table of the journal; default: the collection's, `drizzle.__drizzle_migrations` for drizzle, else `substation_migrations.journal`. */
  journal?: { schema?: string; table?: string }
}

/** The connection of the readings: on its way, then open. */
interface Reader {
  opened: Promise<Connection>
  connection?: Connection
}

/** What must be decided under the lock is decided here. */
export function postgresMigrations(config: MigrationsConfig): Migrations {
  const { url, files } = config
  const limits = limitsOf(config)
  const [folder, ownJournal] = typeof files === 'string' ? [files] : [files.name, files.journal]
  const journal = config.journal ?? ownJournal
  let reader: Reader | undefined
  const impacts = impactReader()

  const forecasting = openForecast()
  // It rejects where it is awaited.
  forecasting.catch(() => undefined)

  async function readFiles() {
    const forecast = await forecasting
    return typeof files === 'string' ? readMigrations(files, forecast) : readCollection(files, forecast)
  }

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

  const under = <T>(options: MigrateOptions, work: (locked: Locked) => Promise<T>) =>
    locked(
      {
        ...options,
        url,
        limits: { ...limits, ...given(options) },
        look,
        place: async () => placeFor((await readFiles()).source),
      },
      work,
    )

  const pendingTo = ({ migrations, folder }: MigrationStatus, to: string | undefined) => {
    known(migrations, folder, to)
    return planUp(migrations, to)
  }

  return {
    status: async () => look(await reading()),
    up: async options =>
      under(options, async locked => {
        const { status } = locked
        const wanted = pendingTo(status, options.to)
        const first = options.together ? wanted : runnable(wanted)
        const plan = first.length > 0 ? first : wanted
        admit(status, plan, 'up', { despite: options.despite, createsJournal: options.createJournal === true })
        if (plan.length === 0) return []
        options.confirm?.(plan)
        await ensureJournal(locked)
        const done = await (options.together ? runTogether(locked, plan) : runOneByOne(locked, plan, 'up'))
        return plan.length === wanted.length ? done : refuseRest(wanted.slice(plan.length), done)
      }),
    down: async (options: DownOptions) =>
      under(options, async locked => {
        const { migrations, folder } = locked.status
        known(migrations, folder, options.to)
        const plan = planDown(migrations, options.to)
        admit(locked.status, plan, 'down', { despite: options.despite, createsJournal: false })
        if (plan.length === 0) return []
        options.confirm?.(plan)
        return runOneByOne(locked, plan, 'down')
      }),
    dryRun: async (options: UpOptions) =>
      under(options, async locked => {
        const plan = pendingTo(locked.status, options.to)
        admit(locked.status, plan, 'up', { despite: options.despite, createsJournal: true })
        options.confirm?.(plan)
        return dryRunOf(locked, plan)
      }),
    baseline: async options =>
      under(options, async locked => {
        const plan = pendingTo(locked.status, options.to)
        options.confirm?.(plan)
        return plan.length === 0 ? [] : baselineOf(locked, plan, options)
      }),
    async drift({ snapshot: given } = {}) {
      const connection = await reading()
      if (given !== undefined) return driftFrom(connection, 'the schema', given)
      const status = await look(connection)
      const snapshot = await snapshotFor(status, file => textIn(folder, file))
      if ('why' in snapshot) return { known: false, why: snapshot.why }
      return driftFrom(connection, snapshot.file, parseJson(snapshot.content))
    },
    async impact({ to, status } = {}) {
      const connection = await reading()
      return impacts.of(connection, pendingTo(status ?? (await look(connection)), to))
    },
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

/** The limits that this run sets itself. */
function given({ lockTimeoutMs, lockAttempts }: MigrateOptions): Partial<Limits> {
  return {
    ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
    ...(lockAttempts === undefined ? {} : { lockAttempts }),
  }
}

function known(migrations: readonly MigrationEntry[], folder: string, to: string | null | undefined): void {
  if (to === undefined || to === null || migrations.some(entry => entry.name === to)) return
  throw new MigrationError(`There is no migration called ${to} in ${folder}`, {
    code: 'MIGRATION_UNKNOWN',
    nextStep: 'Use the full name of a migration, without .sql.',
  })
}

/** Those before the one that cannot be run are done. */
function refuseRest(rest: readonly MigrationEntry[], done: MigrationDone[]): never {
  throw Object.assign(unrunnable(rest, 'up') as MigrationError, { done })
}
