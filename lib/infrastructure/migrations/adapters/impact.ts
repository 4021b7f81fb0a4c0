import { type LockForecast, type LockMode, wordsOf } from '../forecast.ts'
import type { LockBlocker, LockImpact, MigrationEntry, MigrationImpact, StatementImpact } from '../port.ts'
import type { MigrationStatement } from '../statements/describe.ts'
import { blockersOn, type Holder } from './blockers.ts'
import type { Connection } from './connection.ts'
import { type LiveTable, liveTables } from './live-tables.ts'
import { readRateOf } from './read-rate.ts'
import { storedAlike } from './stored-alike.ts'

/** The youngest reading that a rate of writes may be taken from (ms). */
const APART_MS = 2_000
/** How long a measured rate of reading is used (ms): measuring reads 8 MB. */
const RATE_FOR_MS = 60_000
/** Up to this size a table is read in no time worth foretelling. */
const SMALL_BYTES = 8 << 20

/** Reads the impact of pending migrations, and keeps the last counts of writes for the next reading. */
export function impactReader(now = () => performance.now()) {
  const counted = new Map<string, { at: number; writes: number }>()
  const rates = new Map<string, { at: number; perMs: number | undefined }>()

  function writesPerSecond({ name, writes, averageWrites }: LiveTable): number | undefined {
    const before = counted.get(name)
    const at = now()
    if (before && at - before.at < APART_MS) return averageWrites
    counted.set(name, { at, writes })
    if (!before || writes < before.writes) return averageWrites
    return ((writes - before.writes) / (at - before.at)) * 1_000
  }

  /** Reading all of a table that is large, at the rate of a sample. */
  async function atLeast(
    connection: Connection,
    table: LiveTable,
    work: LockImpact['work'],
  ): Promise<number | undefined> {
    if (work === 'moment' || work === 'rows' || table.bytes <= SMALL_BYTES) return undefined
    let rate = rates.get(table.name)
    if (!rate || now() - rate.at > RATE_FOR_MS) {
      rate = { at: now(), perMs: await readRateOf(connection, table) }
      rates.set(table.name, rate)
    }
    return rate.perMs === undefined ? undefined : Math.round(table.bytes / rate.perMs)
  }

  return {
    async of(connection: Connection, plan: readonly MigrationEntry[]): Promise<MigrationImpact[]> {
      const statements = plan.flatMap(({ file }) => file?.up.statements ?? [])
      const names = [...new Set(statements.flatMap(locksOf).flatMap(({ table }) => table ?? []))]
      const tables = await liveTables(connection, names)
      const holders = await blockersOn(connection, [...new Set([...tables.values()].map(({ oid }) => oid))])
      const written = new Map(
        [...new Map([...tables.values()].map(table => [table.oid, table])).values()].map(table => [
          table.name,
          writesPerSecond(table),
        ]),
      )
      const impactOf = async (statement: MigrationStatement): Promise<StatementImpact[]> => {
        const locks: LockImpact[] = []
        const blockers: LockBlocker[] = []
        for (const lock of locksOf(statement)) {
          const table = lock.table === undefined ? undefined : tables.get(lock.table)
          if (!table) continue
          const work = await workNow(connection, table, lock)
          const atLeastMs = await atLeast(connection, table, work)
          const perSecond = written.get(table.name)
          locks.push({
            table: table.name,
            mode: lock.mode,
            work,
            words: work === lock.work ? lock.words : wordsOf(lock.mode, work),
            ...(table.rows === undefined ? {} : { rows: table.rows }),
            bytes: table.bytes,
            indexBytes: table.indexBytes,
            ...(perSecond === undefined ? {} : { writesPerSecond: perSecond }),
            ...(atLeastMs === undefined ? {} : { atLeastMs }),
          })
          blockers.push(...inTheWay(holders, table, lock.mode, statement))
        }
        if (locks.length === 0) return []
        const { line, verb, forecast } = statement
        const unique = [...new Map(blockers.map(blocker => [blocker.pid, blocker])).values()]
        return [
          {
            line,
            verb,
            locks,
            ...(forecast?.advice === undefined ? {} : { advice: forecast.advice }),
            blockers: unique,
          },
        ]
      }
      const impacts: MigrationImpact[] = []
      for (const { name, file } of plan) {
        const found: StatementImpact[] = []
        for (const statement of file?.up.statements ?? []) found.push(...(await impactOf(statement)))
        impacts.push({ name, statements: found })
      }
      return impacts
    },
  }
}

const locksOf = ({ forecast }: MigrationStatement): LockForecast[] => forecast?.locks ?? []

/** Whether a change of a type rewrites depends on the type now. */
async function workNow(connection: Connection, table: LiveTable, { work, unlessStoredAlike }: LockForecast) {
  if (!unlessStoredAlike) return work
  return (await storedAlike(connection, table.oid, unlessStoredAlike)) ? 'moment' : work
}

/** Which modes keep each other out; https://www.postgresql.org/docs/current/explicit-locking.html, table 13.2. */
const CONFLICTS: Record<LockMode, readonly string[]> = {
  rows: ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'],
  'SHARE UPDATE EXCLUSIVE': [
    ...['ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'],
  ],
  SHARE: [
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  'SHARE ROW EXCLUSIVE': [
    ...['RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock'],
    'AccessExclusiveLock',
  ],
  EXCLUSIVE: [
    ...['RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock'],
    ...['ExclusiveLock', 'AccessExclusiveLock'],
  ],
  'ACCESS EXCLUSIVE': [
    ...['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock'],
    ...['ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'],
  ],
}

function inTheWay(
  holders: readonly Holder[],
  table: LiveTable,
  mode: LockMode,
  { alone, forecast }: MigrationStatement,
): LockBlocker[] {
  // One that builds an index CONCURRENTLY waits for whoever writes, and for every older snapshot of the database.
  const waitsForSnapshots = alone && forecast?.locks[0]?.work === 'build'
  return holders.flatMap(({ oid, holds, ...session }) => {
    if (oid === undefined) return waitsForSnapshots ? [{ ...session, holds: 'snapshot', table: table.name }] : []
    const conflicts = CONFLICTS[mode].includes(holds) || (waitsForSnapshots && holds === 'RowExclusiveLock')
    return oid === table.oid && conflicts ? [{ ...session, holds, table: table.name }] : []
  })
}
