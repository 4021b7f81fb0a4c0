import { and, desc, eq, isNotNull, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { operationRun } from '../../../../../drizzle/schema/index.ts'
import { type ActScope, toActScope } from '../../../fleet/act-scope.ts'
import { fromRedisTime } from '../../../fleet/clocks.ts'
import { type OverrideWords, overrideWords } from '../../../fleet/override-words.ts'
import { Commands, Fleet } from '../../../fleet/resources.ts'
import { toRun } from '../../../platform/operation/runner/runs.ts'
import type { Run } from '../../../platform/operation/wire.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'

const RECENT = 20

/** What an operator holds, in force now and in processes that start later. Times on the console's clock. */
export interface OverrideRow extends OverrideWords {
  id: string
  /** `the whole fleet`, `service checkout`, `checkout-1`. */
  scope: string
  /** The scope for the operation that ends it. */
  scopeInput: ActScope
  except: string[]
  reason: string
  by: string
  since: number
  until?: number
}

export interface RunningData {
  running: Part<Run[]>
  recent: Part<Run[]>
  overrides: Part<OverrideRow[]>
  mayAbort: boolean
}

/** Every act under way and every override in force: by whom, since when, until when. */
export const runningView = defineView({
  id: 'running',
  title: 'Running',
  permission: 'run:read',
  topics: ['runs', 'breakers', 'fleet'],
  filters: z.object({}),
  freshFor: 500,
  async read({ environment, store, outages, operations, permissions }): Promise<RunningData> {
    const find = (id: string) => operations.find(operation => operation.id === id)
    const load = async (over: boolean) => {
      const rows = await store.db
        .select()
        .from(operationRun)
        .where(
          and(
            eq(operationRun.environment, environment.name),
            over ? isNotNull(operationRun.finishedAt) : isNull(operationRun.finishedAt),
          ),
        )
        .orderBy(desc(operationRun.startedAt))
        .limit(over ? RECENT : 200)
      return Promise.all(rows.map(row => toRun(store.db, row, find)))
    }
    const [running, recent, fleet, overrides] = await Promise.all([
      part('Postgres', outages, load(false)),
      part('Postgres', outages, load(true)),
      environment.of(Fleet).read(),
      part('Redis', environment.outages, environment.of(Commands).overrides()),
    ])
    const names = new Map(
      fleet.status === 'down' ? [] : fleet.data.processes.map(process => [process.id, process.instance]),
    )
    const skew = fleet.status === 'down' ? 0 : fleet.data.skew
    return {
      mayAbort: permissions.includes('run:abort'),
      running,
      recent,
      overrides: mapPart(overrides, list =>
        list.map((override): OverrideRow => {
          const { scope, args } = override
          const only = 'processes' in scope ? (scope.processes[0] ?? '') : ''
          return {
            id: override.id,
            ...overrideWords(override),
            scope:
              'all' in scope
                ? 'the whole fleet'
                : 'service' in scope
                  ? `service ${scope.service}`
                  : (names.get(only) ?? `process ${only}`),
            scopeInput: toActScope(scope),
            except: override.except.map(part =>
              'service' in part
                ? `service ${part.service}`
                : 'processes' in part
                  ? part.processes.map(id => names.get(id) ?? id).join(', ')
                  : 'all',
            ),
            reason: args.reason,
            by: override.issuedBy,
            since: fromRedisTime(override.setAt, { skew }),
            until: override.expiresAt === undefined ? undefined : fromRedisTime(override.expiresAt, { skew }),
          }
        }),
      ),
    }
  },
})
