import { and, eq, gte, ilike, lte, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { auditEvent } from '../../../../drizzle/schema/index.ts'
import { search, text } from '../../platform/view/text-filters.ts'

const time = z
  .string()
  .max(40)
  .refine(text => text === '' || isTime(text), 'must be a date and time from 1970 to 2100')
  .default('')

const LATEST = Date.UTC(2100, 0)

/** Times that Postgres can compare with and that make sense. */
function isTime(text: string): boolean {
  const at = Date.parse(text)
  return at >= 0 && at < LATEST
}

/** The filters of both the list and the export. */
export const auditFilters = z.object({
  q: search,
  operation: text(100),
  actor: text(200),
  from: time,
  to: time,
})

/** The condition for lines that match the filters. `q` also finds an act by the text of its outcome. */
export function conditionsOf(
  environment: string,
  { q, operation, actor, from, to }: z.output<typeof auditFilters>,
): (SQL | undefined)[] {
  const like = `%${q.replace(/[\\%_]/g, '\\$&')}%`
  return [
    eq(auditEvent.environment, environment),
    q
      ? or(
          ilike(auditEvent.targetName, like),
          ilike(auditEvent.message, like),
          ilike(auditEvent.reason, like),
          ilike(auditEvent.actorName, like),
          and(
            eq(auditEvent.kind, 'started'),
            sql`exists (select 1 from ${auditEvent} as outcome where outcome.run = ${auditEvent.run} and outcome.message ilike ${like})`,
          ),
        )
      : undefined,
    operation ? eq(auditEvent.operation, operation) : undefined,
    actor ? or(eq(auditEvent.actorId, actor), eq(auditEvent.actorName, actor)) : undefined,
    from ? gte(auditEvent.at, new Date(from)) : undefined,
    to ? lte(auditEvent.at, new Date(to)) : undefined,
  ]
}
