import { z } from 'zod'
import { byText } from '../../../../core/text-order.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { Direction, turnOf } from '../../../platform/view/direction.ts'
import { exact, search } from '../../../platform/view/text-filters.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { readTables, type TableEntry, type TableReadings, tableEntries } from '../tables/entries.ts'
import { growthOf } from '../tables/growth.ts'

/** The most rows of one answer. */
const LIMIT = 200
const SORTS = ['findings', 'name', 'size', 'growth', 'rows', 'dead', 'bloat', 'scans'] as const
const STATES = ['all', 'findings', 'unindexed', 'bloat', 'dead'] as const
type State = (typeof STATES)[number]

export interface TableRow {
  id: string
  schema: string
  name: string
  rows: number
  deadRows: number
  /** Bytes; absent while sizes are not known. */
  tableBytes?: number
  indexBytes?: number
  totalBytes?: number
  bloatBytes?: number
  /** Bytes in a day; only of the largest tables, once samples reach back an hour. */
  growth?: number
  sequentialScans: number
  indexScans: number
  /** Of blocks read since counts are kept: those found in shared buffers, 0 to 1. Absent where none was read. */
  cacheHit?: number
  vacuumedAt?: number
  indexes?: number
  /** What is wrong, the most severe first. */
  findings: { severity: 'warning' | 'note'; words: string }[]
}

export interface TablesData {
  /** Absent when no database of that name is declared. */
  tables?: Part<{ rows: TableRow[]; total: number; counts: Record<State, number>; since: number | null }>
  /** What could not be read besides, in words. */
  missing: string[]
}

/** The tables of one database: size, growth, scans, dead rows, and what is wrong with them. */
export const tablesView = defineView({
  id: 'database-tables',
  title: 'Tables of a database',
  permission: 'database:read',
  topics: ['database', 'series'],
  filters: z.object({
    name: exact(300),
    q: search,
    state: z.enum(STATES).default('all'),
    sort: z.enum(SORTS).default('findings'),
    dir: Direction,
  }),
  freshFor: 5_000,
  async read({ environment }, { name, q, state, sort, dir }): Promise<TablesData> {
    const server = environment.of(PostgresServers).find(name)
    if (!server) return { missing: [] }
    const readings = await readTables(server)
    const { tables } = readings
    if (tables.status === 'down') return { tables, missing: [] }
    const found = tableEntries(tables.data, readings).filter(entry => entry.id.toLowerCase().includes(q.toLowerCase()))
    const matching = found.filter(STATE[state])
    // Only the largest have samples, so asking for those of all that match costs nothing more.
    const growth = sort === 'growth' ? await growthOf(environment, name, idsBySize(matching)) : undefined
    const sorted = growth && growth.status !== 'down' ? growth.data : undefined
    const turn = turnOf(dir, sort === 'name' ? 'asc' : 'desc')
    const listed = matching
      .map(entry => ({ entry, by: ORDER[sort](entry, sorted) }))
      .sort((a, b) => compare(a.by, b.by, turn) || byText(a.entry.id, b.entry.id))
      .slice(0, LIMIT)
      .map(({ entry }) => entry)
    const grown = growth ?? (await growthOf(environment, name, idsBySize(listed)))
    const counts = Object.fromEntries(STATES.map(one => [one, found.filter(STATE[one]).length]))
    return {
      tables: mapPart(tables, ({ since }) => ({
        rows: listed.map(entry => toRow(entry, grown.status === 'down' ? undefined : grown.data.get(entry.id))),
        total: matching.length,
        counts: counts as Record<State, number>,
        since,
      })),
      missing: missingOf(readings, grown),
    }
  },
})

const STATE: Record<State, (entry: TableEntry) => boolean> = {
  all: () => true,
  findings: ({ findings, indexFindings }) => findings.length + indexFindings.length > 0,
  unindexed: ({ indexFindings, findings }) =>
    indexFindings.some(({ kind }) => kind === 'missing-foreign-key') || findings.some(({ kind }) => kind === 'scanned'),
  bloat: ({ findings }) => findings.some(({ kind }) => kind === 'bloat'),
  dead: ({ findings }) => findings.some(({ kind }) => kind === 'dead-rows' || kind === 'held-back'),
}

/** The fifty largest of them: no other has its size kept. */
const idsBySize = (entries: readonly TableEntry[]) =>
  entries
    .toSorted((a, b) => (b.size?.totalBytes ?? 0) - (a.size?.totalBytes ?? 0))
    .slice(0, 50)
    .map(({ id }) => id)

type Order = (entry: TableEntry, growth?: ReadonlyMap<string, number>) => number | string | undefined
const ORDER: Record<(typeof SORTS)[number], Order> = {
  findings: ({ findings, indexFindings, size }) =>
    findings.filter(({ severity }) => severity === 'warning').length * 1e18 +
    (findings.length + indexFindings.length) * 1e16 +
    (size?.totalBytes ?? 0),
  name: ({ id }) => id,
  size: ({ size }) => size?.totalBytes,
  growth: ({ id }, growth) => growth?.get(id),
  rows: ({ state }) => state.liveRows,
  dead: ({ state }) => state.deadRows,
  bloat: ({ size }) => size?.bloatBytes ?? undefined,
  scans: ({ state }) => state.sequentialRows,
}

/** Unknown comes last in both directions. */
function compare(a: number | string | undefined, b: number | string | undefined, turn: 1 | -1): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  if (typeof a === 'string' || typeof b === 'string') return turn * byText(String(a), String(b))
  return turn * (b - a)
}

function toRow({ id, state, size, indexes, findings, indexFindings }: TableEntry, growth?: number): TableRow {
  const blocks = state.hitBlocks + state.readBlocks
  const vacuumedAt = Math.max(state.vacuumedAt ?? 0, state.autovacuumedAt ?? 0)
  return {
    id,
    schema: state.schema,
    name: state.name,
    rows: state.liveRows,
    deadRows: state.deadRows,
    sequentialScans: state.sequentialScans,
    indexScans: state.indexScans,
    ...(size ? { tableBytes: size.tableBytes, indexBytes: size.indexBytes, totalBytes: size.totalBytes } : {}),
    ...(size?.bloatBytes == null ? {} : { bloatBytes: size.bloatBytes }),
    ...(growth === undefined ? {} : { growth }),
    ...(blocks === 0 ? {} : { cacheHit: state.hitBlocks / blocks }),
    ...(vacuumedAt === 0 ? {} : { vacuumedAt }),
    ...(indexes === undefined ? {} : { indexes }),
    findings: [
      ...findings.map(({ severity, words }) => ({ severity, words })),
      ...indexFindings.map(({ kind, words }) => ({ severity: SEVERITY[kind], words })),
    ],
  }
}

export const SEVERITY = {
  invalid: 'warning',
  duplicate: 'note',
  unused: 'note',
  'missing-foreign-key': 'note',
} as const

function missingOf({ sizes, indexes }: TableReadings, growth: Part<unknown>): string[] {
  return [
    ...(sizes.status === 'down' ? [`Sizes are not known: ${sizes.reason}.`] : []),
    ...(indexes.status === 'down' ? [`Indexes are not known: ${indexes.reason}.`] : []),
    ...(growth.status === 'down' ? [`Growth is not known: ${growth.reason}.`] : []),
  ]
}
