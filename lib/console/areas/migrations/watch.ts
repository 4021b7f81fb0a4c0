import { maskUrl } from '../../../infrastructure/config/index.ts'
import {
  createMigrations,
  type MigrationStatus,
  type Migrations,
  type SchemaDrift,
} from '../../../infrastructure/migrations/index.ts'
import { type Outages, outages } from '../../platform/part/outages.ts'
import type { Part } from '../../platform/part/part.ts'
import { part } from '../../platform/part/read-part.ts'
import type { ResolvedDatabase, ResolvedEnvironment } from '../../platform/settings/port.ts'
import type { MigrationDatabase, WatchedMigrations } from './port.ts'

/** How often databases are read, and for how long after someone last looked (ms). */
const LOOK_EVERY = 5_000
const LOOKED_FOR = 30_000
/** How long a comparison of the schema is good enough (ms): a schema changes seldom, and reading it is not free. */
const DRIFT_FOR = 60_000

type Watched = ResolvedDatabase & { migrations: NonNullable<ResolvedDatabase['migrations']> }

/** The migrations of every watched database that has a folder of them; read regularly while someone is looking. */
export function watchMigrations(
  { databases }: ResolvedEnvironment,
  { announce }: { announce(): void },
): WatchedMigrations {
  const known = outages()
  const watched = databases
    .filter((database): database is Watched => database.migrations !== undefined)
    .map(database => watch(database, known))
  let looking: NodeJS.Timeout | undefined

  async function look() {
    const changes = await Promise.all(watched.map(database => database.changed()))
    if (changes.includes(true)) announce()
  }

  return {
    databases: watched,
    without: databases.filter(database => database.migrations === undefined).map(database => database.name),
    find: name => watched.find(database => database.name === name),
    start() {
      looking ??= setInterval(look, LOOK_EVERY).unref()
    },
    async close() {
      clearInterval(looking)
      await Promise.all(watched.map(database => database.close()))
    },
  }
}

interface WatchedDatabase extends MigrationDatabase {
  /** Reads again if someone has looked lately; resolves with whether it has changed. */
  changed(): Promise<boolean>
  close(): Promise<void>
}

function watch({ name, migrations: { folder, url, journal } }: Watched, known: Outages): WatchedDatabase {
  let opened: Promise<Migrations> | undefined
  let pending: Promise<Part<MigrationStatus>> | undefined
  let last: { at: number; part: Part<MigrationStatus> } | undefined
  let drift: { at: number; part: Promise<Part<SchemaDrift>> } | undefined
  let good: { at: number; data: MigrationStatus } | undefined
  /** The reading that was last announced: what one viewer has read since is new to the others. */
  let announced: string | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  const runner = () => {
    opened ??= createMigrations({ url, folder, journal })
    return opened
  }
  // The parser takes a while to load, which the first preview need not wait for. What is wrong with it is told by the first reading.
  runner().catch(() => undefined)
  const status = async () => (await runner()).status()

  async function readNow(): Promise<Part<MigrationStatus>> {
    const read = await part(`Postgres ${name}`, known, status())
    if (read.status === 'up') good = { at: read.at, data: read.data }
    else if (read.status === 'down' && good) return { ...read, status: 'stale', ...good }
    return read
  }

  /** One reading at a time, so that they do not pile up on a database that hangs. */
  async function read(maxAge: number): Promise<Part<MigrationStatus>> {
    if (last && performance.now() - last.at < maxAge) return last.part
    const reading = pending ?? readNow()
    pending = reading
    const part = await reading
    if (pending === reading) {
      pending = undefined
      last = { at: performance.now(), part }
    }
    return part
  }

  /** Drops readings from before or during the act. */
  async function acting<T>(act: (migrations: Migrations) => Promise<T>): Promise<T> {
    try {
      return await act(await runner())
    } finally {
      pending = undefined
      last = undefined
      drift = undefined
    }
  }

  return {
    name,
    address: maskUrl(url),
    folder,
    read(maxAge = 0) {
      askedAt = performance.now()
      return read(maxAge)
    },
    status,
    up: options => acting(migrations => migrations.up(options)),
    down: options => acting(migrations => migrations.down(options)),
    baseline: options => acting(migrations => migrations.baseline(options)),
    dryRun: async options => (await runner()).dryRun(options),
    impact: async (status, to) => (await runner()).impact({ status, to }),
    async drift() {
      const age = drift ? performance.now() - drift.at : Number.POSITIVE_INFINITY
      // What could not be read is asked for again soon.
      const isFresh = drift && age < DRIFT_FOR && (age < LOOK_EVERY || (await drift.part).status === 'up')
      if (drift && isFresh) return drift.part
      drift = {
        at: performance.now(),
        part: part(
          `Postgres ${name}`,
          known,
          runner().then(own => own.drift()),
        ),
      }
      return drift.part
    },
    async changed() {
      if (performance.now() - askedAt > LOOKED_FOR) return false
      const before = announced ?? (last && fingerprint(last.part))
      announced = fingerprint(await read(LOOK_EVERY / 2))
      return before !== announced
    },
    async close() {
      await (await opened?.catch(() => undefined))?.close()
    },
  }
}

/** What a page shows of it, without the time of the reading. */
function fingerprint(part: Part<MigrationStatus>): string {
  return JSON.stringify(part.status === 'up' ? part.data : { status: part.status, reason: part.reason })
}
