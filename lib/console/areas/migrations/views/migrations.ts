import { z } from 'zod'
import type {
  InvalidIndex,
  LockOwner,
  MigrationStatus,
  SchemaDrift,
} from '../../../../infrastructure/migrations/index.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView, type ViewContext } from '../../../platform/view/define.ts'
import { search } from '../../../platform/view/text-filters.ts'
import { type MigrationRow, toRow } from '../migration-row.ts'
import type { MigrationDatabase } from '../port.ts'
import { Migrations } from '../resource.ts'
import { type Application, applicationsOf, latestRuns, type MigrationRun } from '../runs.ts'

const LIMIT = 300

/** One database: its migrations, and what to know before running any. */
export interface DatabaseMigrations {
  name: string
  /** Without credentials. */
  address: string
  folder: string
  state: Part<MigrationsState>
  /** Where its schema differs from what its migrations declare, as far as that is known. */
  drift: Part<SchemaDrift>
  /** The newest act on it from any console; absent when there was none. */
  run: Part<{ latest?: MigrationRun }>
}

export interface MigrationsState {
  source: MigrationStatus['source']
  journal: MigrationStatus['journal']
  /** Those that match the filters, in the order in which they run. */
  rows: MigrationRow[]
  /** How many match; more than are listed when the list is cut. */
  total: number
  /** Regardless of the filters: the pending and the applied ones, in the order in which they run; the newest when there are many. */
  pending: string[]
  applied: { name: string; reversible: boolean; drifted: boolean }[]
  counts: {
    all: number
    applied: number
    pending: number
    drifted: number
    missing: number
    outOfOrder: number
    trouble: number
  }
  lock?: LockOwner
  invalidIndexes: InvalidIndex[]
  pooled: boolean
  account: string
  lacks: MigrationStatus['lacks']
  ignored: MigrationStatus['ignored']
  foreignTables: number
}

export interface MigrationsData {
  databases: DatabaseMigrations[]
  /** Watched databases without a folder of migrations. */
  without: string[]
}

/** The migrations of every watched database: applied, pending, changed since, missing; who is migrating now. */
export const migrationsView = defineView({
  id: 'migrations',
  title: 'Migrations',
  permission: 'migration:read',
  topics: ['migrations', 'runs'],
  filters: z.object({ q: search, state: z.enum(['all', 'pending', 'trouble']).default('all') }),
  freshFor: 500,
  async read(context, filters): Promise<MigrationsData> {
    const { environment, store, outages } = context
    const runs = part('Postgres', outages, latestRuns(store, environment.name))
    return {
      databases: await Promise.all(
        environment.of(Migrations).databases.map(async database => ({
          name: database.name,
          address: database.address,
          folder: database.folder,
          ...(await both(stateOf(context, database, filters), database.drift())),
          run: mapPart(await runs, known => ({ latest: known.get(database.name) })),
        })),
      ),
      without: [...environment.of(Migrations).without],
    }
  },
})

async function both(state: Promise<Part<MigrationsState>>, drift: Promise<Part<SchemaDrift>>) {
  return { state: await state, drift: await drift }
}

async function stateOf(
  { environment, store, outages }: ViewContext,
  database: MigrationDatabase,
  { q, state }: { q: string; state: 'all' | 'pending' | 'trouble' },
): Promise<Part<MigrationsState>> {
  const [read, applications] = await Promise.all([
    database.read(),
    part('Postgres', outages, applicationsOf(store, environment.name, database.name)),
  ])
  // Without the console's own Postgres, only the journal says who applied what.
  const known = applications.status === 'up' ? applications.data : new Map<string, Application>()
  return mapPart(read, status => {
    const all = status.migrations.map(entry => toRow(entry, known.get(entry.name)))
    const wanted = q.toLowerCase()
    const listed = all.filter(
      row =>
        row.name.toLowerCase().includes(wanted) &&
        (state === 'all' || (state === 'pending' ? row.state === 'pending' : isTrouble(row))),
    )
    const count = (is: (row: MigrationRow) => boolean) => all.filter(is).length
    const { source, journal, lock, invalidIndexes, pooled, account, lacks, ignored, foreignTables } = status
    return {
      source,
      journal,
      rows: listed.slice(-LIMIT),
      total: listed.length,
      pending: all
        .filter(row => row.state === 'pending')
        .map(row => row.name)
        .slice(0, LIMIT),
      applied: all
        .filter(row => row.applied)
        .map(({ name, reversible, state }) => ({ name, reversible, drifted: state === 'drifted' }))
        .slice(-LIMIT),
      counts: {
        all: all.length,
        applied: count(row => row.state === 'applied'),
        pending: count(row => row.state === 'pending'),
        drifted: count(row => row.state === 'drifted'),
        missing: count(row => row.state === 'missing'),
        outOfOrder: count(row => row.outOfOrder),
        trouble: count(isTrouble),
      },
      lock,
      invalidIndexes,
      pooled,
      account,
      lacks,
      ignored,
      foreignTables,
    }
  })
}

const isTrouble = (row: MigrationRow) =>
  row.state === 'drifted' || row.state === 'missing' || row.outOfOrder || row.problem !== undefined
