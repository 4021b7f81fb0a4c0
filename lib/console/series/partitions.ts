import { sql } from 'drizzle-orm'
import type { Tx } from '../platform/store/port.ts'
import { DAY, KEPT_MINUTES, KEPT_STEPS } from './steps.ts'

const TABLES = [
  { table: 'sample', keptFor: KEPT_STEPS },
  { table: 'sample_minute', keptFor: KEPT_MINUTES },
] as const
const DAYS_AHEAD = 2

/** Creates the partitions of the coming days (and of yesterday, for late readings), and drops expired ones. Days are UTC. */
export async function keepPartitions(tx: Tx, now: number): Promise<void> {
  // The leaders of several environments do this side by side.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('substation.partitions', 0))`)
  await tx.execute(sql`set local lock_timeout = '3s'`)
  const there = await partitions(tx)
  for (const { table, keptFor } of TABLES) {
    const today = Math.floor(now / DAY) * DAY
    for (let day = today - DAY; day <= today + DAYS_AHEAD * DAY; day += DAY) {
      if (!there.has(nameOf(table, day))) await tx.execute(sql.raw(createStatement(table, day)))
    }
    for (const [name, { parent, day }] of there) {
      if (parent === table && day + DAY <= now - keptFor)
        await tx.execute(sql`drop table ${sql.identifier('substation')}.${sql.identifier(name)}`)
    }
  }
}

async function partitions(tx: Tx): Promise<Map<string, { parent: string; day: number }>> {
  const rows = await tx.execute<{ name: string; parent: string }>(sql`
    select child.relname as name, parent.relname as parent
    from pg_inherits i
    join pg_class child on child.oid = i.inhrelid
    join pg_class parent on parent.oid = i.inhparent
    join pg_namespace n on n.oid = parent.relnamespace
    where n.nspname = 'substation' and parent.relname in ('sample', 'sample_minute') and child.relkind = 'r'`)
  return new Map(
    rows.flatMap(({ name, parent }) => {
      const [, year, month, day] = /_(\d{4})(\d{2})(\d{2})$/.exec(name) ?? []
      return day === undefined ? [] : [[name, { parent, day: Date.UTC(Number(year), Number(month) - 1, Number(day)) }]]
    }),
  )
}

const dayOf = (day: number) => new Date(day).toISOString().slice(0, 10)

function nameOf(table: string, day: number): string {
  return `${table}_${dayOf(day).replaceAll('-', '')}`
}

/** Bounds of a partition cannot be parameters; here they are made only from a number. */
function createStatement(table: string, day: number): string {
  return `create table if not exists substation.${nameOf(table, day)} partition of substation.${table}
    for values from ('${dayOf(day)} 00:00:00+00') to ('${dayOf(day + DAY)} 00:00:00+00')`
}
