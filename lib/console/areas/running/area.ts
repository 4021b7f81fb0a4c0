import { and, count, eq, isNull } from 'drizzle-orm'
import { operationRun } from '../../../../drizzle/schema/index.ts'
import { defineArea } from '../../platform/area/define.ts'
import { part } from '../../platform/part/read-part.ts'
import { runView } from './views/run.ts'
import { runningView } from './views/running.ts'

export const runningArea = defineArea({
  id: 'running',
  title: 'Running',
  page: { group: 'activity', icon: 'play', shortcut: 'r', counts: 'under way' },
  permissions: { 'run:read': 'viewer', 'run:abort': 'operator' },
  topics: { runs: 'run:read' },
  views: [runningView, runView],
  async underWay({ environment, store, outages }) {
    const running = await part(
      'Postgres',
      outages,
      store.db
        .select({ count: count() })
        .from(operationRun)
        .where(and(eq(operationRun.environment, environment.name), isNull(operationRun.finishedAt)))
        .then(rows => rows[0]?.count ?? 0),
    )
    return running.status === 'up' ? running.data : null
  },
})
