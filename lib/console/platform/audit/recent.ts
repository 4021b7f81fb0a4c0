import { and, desc, eq } from 'drizzle-orm'
import { auditEvent } from '../../../../drizzle/schema/index.ts'
import type { Db } from '../store/port.ts'
import type { TimelineEntry } from '../timeline/entry.ts'

/** Acts as entries of a timeline, the newest first. */
export async function recentActs(db: Db, environment: string, limit: number): Promise<TimelineEntry[]> {
  const rows = await db
    .select()
    .from(auditEvent)
    .where(and(eq(auditEvent.environment, environment), eq(auditEvent.kind, 'outcome')))
    .orderBy(desc(auditEvent.id))
    .limit(limit)
  return rows.map(toActEntry)
}

/** The outcome of an act in a sentence. */
export function toActEntry(row: typeof auditEvent.$inferSelect): TimelineEntry {
  return {
    id: `audit-${row.id}`,
    at: row.at.getTime(),
    tone: row.outcome === 'succeeded' ? 'accent' : row.outcome === 'partial' ? 'warning' : 'bad',
    text: `${row.actorName}: ${(row.message ?? row.operation).replace(/\.$/, '')}`,
    href: `audit?run=${row.run}`,
  }
}
