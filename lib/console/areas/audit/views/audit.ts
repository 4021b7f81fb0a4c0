import { type AnyColumn, and, desc, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { auditEvent, operationRun } from '../../../../../drizzle/schema/index.ts'
import { isLatestRefusal, isSameRefusal } from '../../../platform/audit/refusals.ts'
import { type AnyOperation, aboutOf } from '../../../platform/operation/define.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import type { Db } from '../../../platform/store/port.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { auditFilters, conditionsOf } from '../conditions.ts'

const PAGE = 100

/** One act with its outcome, or all refusals of one kind to one actor within an hour. */
export interface AuditRow {
  id: number
  run: string
  kind: 'act' | 'refused'
  operation: string
  /** For an undo: `Undo: ` and the title of the act. */
  title: string
  target?: { kind: string; name: string }
  /** Which part of the target: `product:*`. */
  about?: string
  actor: { id: string; name: string; role: string }
  via: string
  reason?: string
  /** A run's status, or why it was refused; absent while it is under way. */
  outcome?: string
  message?: string
  durationMs?: number
  /** The start of an act, the latest of refusals. */
  at: number
  /** How many refusals there were, and when the first was (ms). */
  refusals?: { count: number; since: number }
}

export interface AuditData {
  audit: Part<{ rows: AuditRow[] /** Pass as `before` for the next page. */; next?: number }>
  operations: { id: string; title: string }[]
}

const filters = auditFilters.extend({
  kind: z.enum(['all', 'act', 'refused']).default('all'),
  outcome: z
    .enum(['all', 'succeeded', 'partial', 'failed', 'aborted', 'unknown', 'undone', 'under-way'])
    .default('all'),
  before: z.coerce.number().int().min(0).default(0),
  run: text(40),
})

/** Who did what, when, and the outcome: one row per act. Its lines are in the view `run`. */
export const auditView = defineView({
  id: 'audit',
  title: 'Audit',
  permission: 'audit:read',
  topics: ['audit'],
  filters,
  freshFor: 500,
  async read({ environment, store, outages, operations, auditedViews }, wanted): Promise<AuditData> {
    const audit = await part('Postgres', outages, readActs(store.db, environment.name, wanted))
    const find = (id: string) => operations.find(operation => operation.id === id)
    const titles = new Map([...operations, ...auditedViews].map(({ id, title }) => [id, title]))
    return {
      audit:
        audit.status === 'down'
          ? audit
          : {
              ...audit,
              data: {
                rows: audit.data.slice(0, PAGE).map(row => toRow(row, find, titles)),
                next: audit.data.length > PAGE ? audit.data[PAGE - 1]?.line.id : undefined,
              },
            },
      operations: [...titles].map(([id, title]) => ({ id, title })),
    }
  },
})

type Found = Awaited<ReturnType<typeof readActs>>[number]

/** The first line of an act, or the latest of its refusals; the outcome beside it. */
async function readActs(db: Db, environment: string, wanted: z.output<typeof filters>) {
  const outcome = alias(auditEvent, 'outcome')
  const like = alias(auditEvent, 'alike')
  const folded = sql`(select count(*)::int as count, min(${like.at}) as since from ${auditEvent} as ${sql.identifier('alike')} where ${isSameRefusal(like, auditEvent)})`
  return db
    .select({
      line: auditEvent,
      outcome,
      run: { status: operationRun.status, undoOf: operationRun.undoOf },
      refusals: sql<
        number | null
      >`case when ${eq(auditEvent.kind, 'refused')} then (select count from ${folded} as folded) end`,
      since: sql<
        string | null
      >`case when ${eq(auditEvent.kind, 'refused')} then (select since from ${folded} as folded) end`,
    })
    .from(auditEvent)
    .leftJoin(outcome, and(eq(outcome.run, auditEvent.run), eq(outcome.kind, 'outcome')))
    .leftJoin(operationRun, eq(operationRun.id, auditEvent.run))
    .where(
      and(
        ...conditionsOf(environment, wanted),
        headOf(wanted.kind, outcome.outcome),
        outcomeIs(wanted.outcome),
        wanted.run ? eq(auditEvent.run, wanted.run) : undefined,
        wanted.before > 0 ? lt(auditEvent.id, wanted.before) : undefined,
      ),
    )
    .orderBy(desc(auditEvent.id))
    .limit(PAGE + 1)
}

/** The one line that stands for each act, and for each group of refusals. A reading that was begun can still be refused, by what it asks for. */
function headOf(kind: z.output<typeof filters>['kind'], outcome: AnyColumn): SQL | undefined {
  const started = eq(auditEvent.kind, 'started')
  const act = and(started, sql`${outcome} is distinct from 'refused'`)
  const refusals = or(and(eq(auditEvent.kind, 'refused'), isLatestRefusal()), and(started, eq(outcome, 'refused')))
  if (kind === 'act') return act
  return kind === 'refused' ? refusals : or(act, refusals)
}

function outcomeIs(outcome: z.output<typeof filters>['outcome']): SQL | undefined {
  if (outcome === 'all') return undefined
  if (outcome === 'under-way') return and(eq(auditEvent.kind, 'started'), isNull(operationRun.finishedAt))
  return eq(operationRun.status, outcome)
}

function toRow(
  { line, outcome, run, refusals, since }: Found,
  find: (id: string) => AnyOperation | undefined,
  titles: ReadonlyMap<string, string>,
): AuditRow {
  const operation = find(line.operation)
  const title = titles.get(line.operation) ?? line.operation
  const refused = line.kind === 'refused' || outcome?.outcome === 'refused'
  return {
    id: line.id,
    run: line.run,
    kind: refused ? 'refused' : 'act',
    operation: line.operation,
    title: run?.undoOf ? `Undo: ${title}` : title,
    target: line.targetKind && line.targetName ? { kind: line.targetKind, name: line.targetName } : undefined,
    about: operation && aboutOf(operation, line.input),
    actor: { id: line.actorId, name: line.actorName, role: line.actorRole },
    via: line.via,
    reason: line.reason ?? undefined,
    outcome: refused
      ? (line.outcome ?? undefined)
      : run?.status === 'undone'
        ? 'undone'
        : (outcome?.outcome ?? undefined),
    message: (line.kind === 'refused' ? line.message : outcome?.message) ?? undefined,
    durationMs: outcome?.durationMs ?? undefined,
    at: line.at.getTime(),
    refusals: refused && refusals !== null ? { count: refusals, since: Date.parse(since ?? '') } : undefined,
  }
}
