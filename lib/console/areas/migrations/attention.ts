import type { MigrationStatus } from '../../../infrastructure/migrations/index.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { counted } from '../../platform/counted.ts'
import type { Part } from '../../platform/part/part.ts'
import type { Target } from '../../servers/probe/port.ts'
import type { MigrationRun } from './runs.ts'

export interface DatabaseState {
  database: string
  state: Part<MigrationStatus>
  latest?: MigrationRun
}

/** Databases whose history and files disagree, whose last migration failed, or that have an invalid index. Pending migrations are no trouble. */
export function ofMigrations(states: readonly DatabaseState[], targets: readonly Target[]): AttentionItem[] {
  return states.flatMap(({ database, state, latest }): AttentionItem[] => {
    const common = {
      subject: database,
      href: `migrations?database=${encodeURIComponent(database)}`,
      act: 'See migrations',
    }
    if (state.status !== 'up') {
      // That it is down is reported once, for the server itself.
      const isDown = targets.some(
        target => target.kind === 'postgres' && target.name === database && target.report.status !== 'up',
      )
      if (isDown) return []
      const detail = `${state.reason}. ${state.nextStep ?? ''}`.trim()
      return [
        {
          ...common,
          id: `migrations:${database}`,
          band: 'unclear',
          text: 'has an unknown migration state',
          detail,
          since: state.since,
        },
      ]
    }
    const { migrations, invalidIndexes } = state.data
    const items: AttentionItem[] = []
    const named = (state: 'drifted' | 'missing') =>
      migrations.filter(entry => entry.state === state).map(entry => entry.name)
    const drifted = named('drifted')
    if (drifted.length > 0)
      items.push({
        ...common,
        id: `migrations:${database}:drifted`,
        band: 'notice',
        text: `has ${counted(drifted.length, 'migration')} changed after being applied`,
        detail: `${listed(drifted)}: the file no longer matches what was run.`,
      })
    const missing = named('missing')
    if (missing.length > 0)
      items.push({
        ...common,
        id: `migrations:${database}:missing`,
        band: 'notice',
        text: `has ${counted(missing.length, 'migration')} applied whose file is missing`,
        detail: `${listed(missing)}: the folder is older than the database, or files were removed.`,
      })
    const useless = invalidIndexes.filter(index => !index.building)
    if (useless.length > 0)
      items.push({
        ...common,
        id: `migrations:${database}:invalid`,
        band: 'notice',
        text: `has ${useless.length === 1 ? 'an INVALID index' : counted(useless.length, 'INVALID index', 'INVALID indexes')}`,
        detail: `${listed(useless.map(index => `${index.schema}.${index.name}`))}: it slows writes and no query uses it. Drop it, or build it again.`,
      })
    const failed = latest && (latest.status === 'failed' || latest.status === 'partial' || latest.status === 'unknown')
    if (failed && migrations.some(entry => entry.state === 'pending'))
      items.push({
        ...common,
        id: `migrations:${database}:failed`,
        band: latest.status === 'unknown' ? 'unclear' : 'degraded',
        text: latest.status === 'unknown' ? 'has migrations of unknown outcome' : 'failed to migrate',
        detail: `${latest.by}: ${latest.summary ?? ''}`,
        since: latest.finishedAt,
      })
    return items
  })
}

const listed = (names: readonly string[]) =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
