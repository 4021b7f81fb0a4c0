import { and, eq, gt, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { auditEvent } from '../../../../drizzle/schema/index.ts'

type Lines = typeof auditEvent | ReturnType<typeof alias<typeof auditEvent, string>>

/** Refusals of one kind to one actor for one operation within one hour are read as one row, however often it was attempted. */
export function isSameRefusal(one: Lines, other: Lines): SQL | undefined {
  return and(
    eq(one.kind, 'refused'),
    eq(other.kind, 'refused'),
    eq(one.environment, other.environment),
    eq(one.actorId, other.actorId),
    eq(one.operation, other.operation),
    sql`${one.outcome} is not distinct from ${other.outcome}`,
    sql`date_trunc('hour', ${one.at}) = date_trunc('hour', ${other.at})`,
  )
}

/** The latest of all refusals like it: the line that stands for them. */
export function isLatestRefusal(): SQL {
  const newer = alias(auditEvent, 'newer')
  return sql`not exists (select 1 from ${auditEvent} as ${sql.identifier('newer')} where ${and(isSameRefusal(auditEvent, newer), gt(newer.id, auditEvent.id))})`
}
