import { z } from 'zod'
import type {
  LockForecast,
  LockOwner,
  MigrationScript,
  MigrationStatus,
} from '../../../../infrastructure/migrations/index.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { type MigrationRow, toRow } from '../migration-row.ts'
import { Migrations } from '../resource.ts'
import { applicationsOf, type MigrationRun, runsOf } from '../runs.ts'

/** The most SQL text on a page; of a longer file the beginning is shown. */
const TEXT_LIMIT = 100_000

/** One direction: the text, and what is known about it without asking the database. */
export interface ShownScript {
  sql: string
  /** The text is cut. */
  cut: boolean
  checksum: string
  alone: boolean
  problem?: string
  statements: ShownStatement[]
}

export interface ShownStatement {
  line: number
  verb: string
  alone: boolean
  /** Absent: what it locks is not known from its text. Empty: nothing that others use. */
  locks?: LockForecast[]
  advice?: string
  /** The parser does not understand it, in its words. */
  unparsed?: string
}

export interface MigrationData {
  database?: { name: string; folder: string; source: MigrationStatus['source'] }
  /** `row` is absent when there is no migration of that name. */
  migration: Part<{
    row?: MigrationRow
    up?: ShownScript
    down?: ShownScript
    /** The checksum that was recorded when it was applied. */
    appliedChecksum?: string
    lock?: LockOwner
    /** The last applied one before it, which stays when it is rolled back. `null`: none. */
    before: string | null
    /** Applied after it: they are rolled back with it. */
    after: string[]
  }>
  /** Acts on its database, the newest first. */
  runs: Part<MigrationRun[]>
}

/** One migration of one database: its SQL both ways, what it would lock, and its history. */
export const migrationView = defineView({
  id: 'migration',
  title: 'Migration',
  permission: 'migration:read',
  topics: ['migrations', 'runs'],
  filters: z.object({ database: text(300), name: text(300) }),
  freshFor: 500,
  async read({ environment, store, outages }, { database: wanted, name }): Promise<MigrationData> {
    const database = environment.of(Migrations).find(wanted)
    if (!database) {
      const nothing = { status: 'up', at: Date.now() } as const
      return { migration: { ...nothing, data: { before: null, after: [] } }, runs: { ...nothing, data: [] } }
    }
    const [read, applications, runs] = await Promise.all([
      database.read(),
      part('Postgres', outages, applicationsOf(store, environment.name, database.name)),
      part('Postgres', outages, runsOf(store, environment.name, database.name)),
    ])
    const source = read.status === 'down' ? 'folder' : read.data.source
    return {
      database: { name: database.name, folder: database.folder, source },
      migration: mapPart(read, ({ migrations, lock }) => {
        const at = migrations.findIndex(entry => entry.name === name)
        const entry = migrations[at]
        if (!entry) return { before: null, after: [] }
        const application = applications.status === 'up' ? applications.data.get(name) : undefined
        return {
          row: toRow(entry, application),
          up: entry.file && shown(entry.file.up),
          down: entry.file?.down && shown(entry.file.down),
          appliedChecksum: entry.applied?.checksum,
          lock,
          before: migrations.slice(0, at).findLast(candidate => candidate.applied)?.name ?? null,
          after: migrations.slice(at + 1).flatMap(later => (later.applied ? [later.name] : [])),
        }
      }),
      runs,
    }
  },
})

function shown({ sql, checksum, alone, problem, statements }: MigrationScript): ShownScript {
  return {
    sql: sql.slice(0, TEXT_LIMIT),
    cut: sql.length > TEXT_LIMIT,
    checksum,
    alone,
    problem,
    statements: statements.slice(0, 200).map(({ line, verb, alone, forecast, unparsed }) => ({
      ...{ line, verb, alone, unparsed },
      ...(forecast ? { locks: forecast.locks, advice: forecast.advice } : {}),
    })),
  }
}
