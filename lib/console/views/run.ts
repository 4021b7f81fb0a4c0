import { asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { auditEvent } from '../../../drizzle/schema/index.ts'
import { findRun, toRun } from '../operations/runner/runs.ts'
import type { Run } from '../operations/wire.ts'
import type { Part } from '../part.ts'
import { part } from '../parts.ts'
import { defineView } from './define.ts'
import { text } from './search.ts'

export interface RunData {
  /** `run` is absent when there is no such run in this environment. */
  run: Part<{ run?: Run; trail: { kind: string; at: number; actor: string; message?: string; outcome?: string }[] }>
}

/** One act with its ledger and its trail. */
export const runView = defineView({
  id: 'run',
  title: 'Run',
  permission: 'run:read',
  topics: ['runs', 'audit'],
  filters: z.object({ id: text(40) }),
  freshFor: 250,
  async read({ environment, store, outages, operations }, { id }): Promise<RunData> {
    const load = async () => {
      const row = await findRun(store.db, id)
      if (!row || row.environment !== environment.name) return { trail: [] }
      const [run, trail] = await Promise.all([
        toRun(store.db, row, name => operations.find(operation => operation.id === name)),
        store.db.select().from(auditEvent).where(eq(auditEvent.run, id)).orderBy(asc(auditEvent.id)).limit(100),
      ])
      return {
        run,
        trail: trail.map(({ kind, at, actorName, message, outcome }) => ({
          kind,
          at: at.getTime(),
          actor: actorName,
          message: message ?? undefined,
          outcome: outcome ?? undefined,
        })),
      }
    }
    return { run: await part('Postgres', outages, load()) }
  },
})
