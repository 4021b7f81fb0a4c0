import { and, desc, eq, gte, ilike, lt, lte, or, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { auditEvent, operationRun } from '../../../../../drizzle/schema/index.ts'
import { type AnyOperation, aboutOf } from '../../../platform/operation/define.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { search, text } from '../../../platform/view/text-filters.ts'

const PAGE = 100
/** What is done to a run itself; not operations of their own, and in the trail like them. */
const OF_RUNS = [
  ['run.abort', 'Abort a run'],
  ['run.undo', 'Undo a run'],
] as const

export interface AuditRow {
  id: number
  run: string
  kind: 'refused' | 'started' | 'item' | 'outcome' | 'undo'
  operation: string
  /** Of an undo: `Undo: ` and what the act is called. */
  title: string
  target?: { kind: string; name: string }
  /** What of the target: `product:*`. */
  about?: string
  actor: { id: string; name: string; role: string }
  via: string
  request: string
  input?: unknown
  reason?: string
  outcome?: string
  message?: string
  durationMs?: number
  at: number
}

export interface AuditData {
  audit: Part<{ rows: AuditRow[] /** Pass as `before` for the next page. */; next?: number }>
  operations: { id: string; title: string }[]
}

const time = z
  .string()
  .max(40)
  .refine(text => text === '' || isTime(text), 'must be a date and time from 1970 to 2100')
  .default('')

const LATEST = Date.UTC(2100, 0)

/** What Postgres can compare with, and anybody can mean. */
function isTime(text: string): boolean {
  const at = Date.parse(text)
  return at >= 0 && at < LATEST
}

/** Who did what, when, with which input, and what came of it. */
export const auditView = defineView({
  id: 'audit',
  title: 'Audit',
  permission: 'audit:read',
  topics: ['audit'],
  filters: z.object({
    q: search,
    operation: text(100),
    actor: text(200),
    kind: z.enum(['all', 'refused', 'started', 'item', 'outcome', 'undo']).default('all'),
    outcome: z.enum(['all', 'succeeded', 'partial', 'failed', 'aborted', 'unknown']).default('all'),
    run: text(40),
    from: time,
    to: time,
    before: z.coerce.number().int().min(0).default(0),
  }),
  freshFor: 500,
  async read({ environment, store, outages, operations }, filters): Promise<AuditData> {
    const rows = store.db
      .select({ line: auditEvent, undoOf: operationRun.undoOf, runInput: operationRun.input })
      .from(auditEvent)
      // Only what begins an act has its input, and nothing but the run itself tells that it takes another one back.
      .leftJoin(operationRun, eq(operationRun.id, auditEvent.run))
      .where(where(environment.name, filters))
      .orderBy(desc(auditEvent.id))
      .limit(PAGE + 1)
    const audit = await part(
      'Postgres',
      outages,
      rows.then(list => list),
    )
    const find = (id: string) => operations.find(operation => operation.id === id)
    const titles = new Map([...operations.map(({ id, title }) => [id, title] as const), ...OF_RUNS])
    return {
      audit:
        audit.status === 'down'
          ? audit
          : {
              ...audit,
              data: {
                rows: audit.data.slice(0, PAGE).map(row => toRow(row, titles, find)),
                next: audit.data.length > PAGE ? audit.data[PAGE - 1]?.line.id : undefined,
              },
            },
      operations: [...titles].map(([id, title]) => ({ id, title })),
    }
  },
})

function where(
  environment: string,
  filters: {
    q: string
    operation: string
    actor: string
    kind: string
    outcome: string
    run: string
    from: string
    to: string
    before: number
  },
): SQL | undefined {
  const { q, operation, actor, kind, outcome, run, from, to, before } = filters
  const like = `%${q.replace(/[\\%_]/g, '\\$&')}%`
  return and(
    eq(auditEvent.environment, environment),
    q
      ? or(
          ilike(auditEvent.targetName, like),
          ilike(auditEvent.message, like),
          ilike(auditEvent.reason, like),
          ilike(auditEvent.actorName, like),
        )
      : undefined,
    operation ? eq(auditEvent.operation, operation) : undefined,
    actor ? or(eq(auditEvent.actorId, actor), eq(auditEvent.actorName, actor)) : undefined,
    kind === 'all' ? undefined : eq(auditEvent.kind, kind),
    outcome === 'all' ? undefined : eq(auditEvent.outcome, outcome),
    run ? eq(auditEvent.run, run) : undefined,
    from ? gte(auditEvent.at, new Date(from)) : undefined,
    to ? lte(auditEvent.at, new Date(to)) : undefined,
    before > 0 ? lt(auditEvent.id, before) : undefined,
  )
}

interface Found {
  line: typeof auditEvent.$inferSelect
  undoOf: string | null
  runInput: unknown
}

function toRow(
  { line: row, undoOf, runInput }: Found,
  titles: Map<string, string>,
  find: (id: string) => AnyOperation | undefined,
): AuditRow {
  const operation = find(row.operation)
  const title = titles.get(row.operation) ?? row.operation
  return {
    id: row.id,
    run: row.run,
    kind: row.kind as AuditRow['kind'],
    operation: row.operation,
    title: undoOf !== null || row.kind === 'undo' ? `Undo: ${title}` : title,
    target: row.targetKind && row.targetName ? { kind: row.targetKind, name: row.targetName } : undefined,
    about: operation && aboutOf(operation, row.input ?? runInput),
    actor: { id: row.actorId, name: row.actorName, role: row.actorRole },
    via: row.via,
    request: row.request,
    input: row.input ?? undefined,
    reason: row.reason ?? undefined,
    outcome: row.outcome ?? undefined,
    message: row.message ?? undefined,
    durationMs: row.durationMs ?? undefined,
    at: row.at.getTime(),
  }
}
