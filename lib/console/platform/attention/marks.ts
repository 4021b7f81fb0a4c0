import { and, eq, gt, sql } from 'drizzle-orm'
import { attentionMark } from '../../../../drizzle/schema/index.ts'
import type { Db, Tx } from '../store/port.ts'
import { type AttentionItem, BANDS, type Band } from './item.ts'

/** What an operator said about an item, and until when (ms) it holds. */
export interface Mark {
  kind: 'acknowledged' | 'muted'
  by: string
  reason?: string
  at: number
  until: number
  band: string
  count: number
}

const ORDER = Object.keys(BANDS) as Band[]

/**
 * Whether a mark still covers this item. One that got worse (a more severe band, more things) is shown again, and so is an
 * acknowledged one that began again: what was acknowledged then is over.
 */
export function holds(mark: Mark, item: AttentionItem, now: number): boolean {
  if (mark.until <= now || (item.count ?? 1) > mark.count) return false
  if (ORDER.indexOf(item.band) < ORDER.indexOf(mark.band as Band)) return false
  return mark.kind === 'muted' || item.since === undefined || item.since <= mark.at
}

/** The unexpired marks of an environment, by the id of their item. */
export async function readMarks(db: Db, environment: string): Promise<Map<string, Mark>> {
  const rows = await db
    .select()
    .from(attentionMark)
    .where(and(eq(attentionMark.environment, environment), gt(attentionMark.until, sql`now()`)))
  return new Map(rows.map(row => [row.item, toMark(row)]))
}

/** Replaces or removes the mark of an item; returns the previous one. */
export async function replaceMark(
  db: Db,
  environment: string,
  item: string,
  mark: Mark | undefined,
): Promise<Mark | undefined> {
  return db.transaction(async (tx: Tx) => {
    const [before] = await tx
      .delete(attentionMark)
      .where(and(eq(attentionMark.environment, environment), eq(attentionMark.item, item)))
      .returning()
    if (mark) {
      const { by, at, until, ...rest } = mark
      await tx
        .insert(attentionMark)
        .values({ environment, item, ...rest, actorName: by, at: new Date(at), until: new Date(until) })
    }
    return before && toMark(before)
  })
}

function toMark(row: typeof attentionMark.$inferSelect): Mark {
  return {
    kind: row.kind,
    by: row.actorName,
    reason: row.reason ?? undefined,
    at: row.at.getTime(),
    until: row.until.getTime(),
    band: row.band,
    count: row.count,
  }
}
