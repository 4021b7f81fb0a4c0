import { analyzeStatement, vacuumStatement } from '../maintenance/statements.ts'
import { LARGE_TABLE_ROWS } from '../plans/judge.ts'
import { bytes, many, quoted, share } from '../words.ts'
import type { HorizonHolder } from './horizon.ts'
import type { TableSize } from './sizes.ts'
import type { TableState } from './tables.ts'

export interface TableFinding {
  kind: 'scanned' | 'bloat' | 'dead-rows' | 'held-back' | 'not-analyzed' | 'autovacuum-off'
  severity: 'warning' | 'note'
  words: string
  statement?: string
}

const MANY_DEAD = 10_000
const BLOATED = 0.4
const BLOAT_THAT_MATTERS = 100 * 1_048_576
/** A snapshot younger than this is everyday life, ms. */
const OLD_SNAPSHOT = 300_000
const ROWS_A_SCAN = 10_000

/** What is wrong with one table, the most severe first. */
export function judgeTable(
  table: TableState,
  { size, holder, now = Date.now() }: { size?: TableSize; holder?: HorizonHolder; now?: number } = {},
): TableFinding[] {
  const of = { schema: table.schema, table: table.name }
  const findings: TableFinding[] = []
  const late = table.deadRows >= MANY_DEAD && table.deadRows > table.vacuumAt
  const blocked = late && holder && isOld(holder, now)
  if (blocked)
    findings.push({
      kind: 'held-back',
      severity: 'warning',
      words: `${many(table.deadRows, 'dead row')} cannot be removed: ${describeHolder(holder, now)} may still see them.`,
      statement: holder.statement,
    })
  else if (late)
    findings.push({
      kind: 'dead-rows',
      severity: 'warning',
      words: `${many(table.deadRows, 'dead row')} (${share(table.deadRows / Math.max(1, table.liveRows + table.deadRows))}) wait for VACUUM, which was due at ${many(table.vacuumAt, 'row')}.`,
      statement: vacuumStatement(of),
    })
  if (!table.autovacuum && !table.partitioned)
    findings.push({
      kind: 'autovacuum-off',
      severity: 'warning',
      words: 'Autovacuum is off for it: dead rows stay until someone vacuums.',
      statement: `ALTER TABLE ${quoted(table.schema)}.${quoted(table.name)} RESET (autovacuum_enabled)`,
    })
  const bloat = size?.bloatBytes ?? 0
  if (size && bloat >= BLOAT_THAT_MATTERS && bloat / size.tableBytes >= BLOATED)
    findings.push({
      kind: 'bloat',
      severity: 'note',
      words: `About ${bytes(bloat)} of ${bytes(size.tableBytes)} hold no row (estimated from column statistics). New rows fill them; the file does not shrink on its own.`,
    })
  if (isScanned(table))
    findings.push({
      kind: 'scanned',
      severity: 'note',
      words: `Scanned sequentially ${many(table.sequentialScans, 'time')} for ${many(table.sequentialRows / table.sequentialScans, 'row')} each; the plans of its statements show which condition has no index.`,
    })
  if (table.analyzedAt === null && table.liveRows >= LARGE_TABLE_ROWS && !table.partitioned)
    findings.push({
      kind: 'not-analyzed',
      severity: 'note',
      words: 'It was never analyzed since statistics are kept, so the planner guesses.',
      statement: analyzeStatement(of),
    })
  return findings
}

const isScanned = ({ liveRows, sequentialScans, sequentialRows, indexScans }: TableState) =>
  liveRows >= LARGE_TABLE_ROWS &&
  sequentialScans >= 100 &&
  sequentialRows / sequentialScans >= ROWS_A_SCAN &&
  sequentialScans > indexScans / 10

/** Of a slot it is not known since when; it holds for as long as it exists. */
export function isOld({ since, kind }: HorizonHolder, now: number): boolean {
  return since === null ? kind !== 'session' : now - since >= OLD_SNAPSHOT
}

export function describeHolder({ kind, name, pid, age, since }: HorizonHolder, now: number): string {
  const what = {
    session: `the transaction of ${name} (pid ${pid})`,
    standby: `the standby ${name}`,
    slot: `the replication slot ${name}`,
    prepared: `the prepared transaction ${name}`,
  }[kind]
  const minutes = since === null ? undefined : Math.round((now - since) / 60_000)
  return `${what}, ${minutes === undefined ? `${many(age, 'transaction')} old` : `${many(minutes, 'minute')} old`},`
}
