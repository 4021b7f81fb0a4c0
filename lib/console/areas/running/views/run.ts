import { and, asc, desc, eq } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { auditEvent } from '../../../../../drizzle/schema/index.ts'
import { isSameRefusal } from '../../../platform/audit/refusals.ts'
import { findRun, toRun } from '../../../platform/operation/runner/runs.ts'
import type { Run } from '../../../platform/operation/wire.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import type { Db } from '../../../platform/store/port.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { type Effect, effectOf } from '../../../series/effect.ts'
import { Series } from '../../../series/resource.ts'

/** One line of the audit about a run. */
export interface TrailLine {
  id: number
  kind: string
  operation: string
  at: number
  actor: { name: string; role: string }
  via: string
  request: string
  input?: unknown
  reason?: string
  message?: string
  outcome?: string
  durationMs?: number
}

export interface RunData {
  /** `run` is absent when there is none in this environment: an act that was refused has a trail and no run. */
  run: Part<{ run?: Run; trail: TrailLine[] }>
  /** The figures it affected, before and after; absent when it affects none or is not over. */
  effect?: Part<Effect>
  mayAbort: boolean
}

/** One act with its ledger and its trail. */
export const runView = defineView({
  id: 'run',
  title: 'Run',
  permission: 'run:read',
  topics: ['runs', 'audit', 'series'],
  filters: z.object({ id: text(40) }),
  freshFor: 250,
  async read({ environment, store, outages, operations, permissions }, { id }): Promise<RunData> {
    const find = (name: string) => operations.find(operation => operation.id === name)
    const load = async () => {
      const [row, lines] = await Promise.all([
        findRun(store.db, id),
        store.db
          .select()
          .from(auditEvent)
          .where(and(eq(auditEvent.run, id), eq(auditEvent.environment, environment.name)))
          .orderBy(asc(auditEvent.id))
          .limit(100),
      ])
      const known = row?.environment === environment.name ? row : undefined
      const run = known && (await toRun(store.db, known, find))
      const [only] = lines
      // One row of the list stands for all refusals of its kind.
      if (only?.kind === 'refused') lines.splice(0, 1, ...(await refusalsLike(store.db, only.id)))
      return { run, trail: permissions.includes('audit:read') ? lines.map(toLine) : [] }
    }
    const loaded = await part('Postgres', outages, load())
    const run = loaded.status === 'up' ? loaded.data.run : undefined
    const seen = run && permissions.includes('metric:read')
    return {
      run: loaded,
      effect: seen ? await effectOf(run, find(run.operation), environment.of(Series)) : undefined,
      mayAbort: permissions.includes('run:abort'),
    }
  },
})

/** That refusal and all others in its row, the latest first. */
async function refusalsLike(db: Db, id: number) {
  const one = alias(auditEvent, 'one')
  const found = await db
    .select({ line: auditEvent })
    .from(auditEvent)
    .innerJoin(one, and(eq(one.id, id), isSameRefusal(auditEvent, one)))
    .orderBy(desc(auditEvent.id))
    .limit(100)
  return found.map(({ line }) => line)
}

function toLine(line: typeof auditEvent.$inferSelect): TrailLine {
  return {
    id: line.id,
    kind: line.kind,
    operation: line.operation,
    at: line.at.getTime(),
    actor: { name: line.actorName, role: line.actorRole },
    via: line.via,
    request: line.request,
    input: line.input ?? undefined,
    reason: line.reason ?? undefined,
    message: line.message ?? undefined,
    outcome: line.outcome ?? undefined,
    durationMs: line.durationMs ?? undefined,
  }
}
