import { z } from 'zod'
import { activityQuestion } from '../../../../infrastructure/insight/index.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, search, text } from '../../../platform/view/text-filters.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { type SessionRow, sessionRows } from '../session-row.ts'
import { ActivityWatch } from '../watch.ts'

const LIMIT = 300

export interface ActivityState {
  /** Those that match the filters. */
  rows: SessionRow[]
  /** How many match; more than are listed when the list is cut. */
  total: number
  /** Regardless of the filters: who waits for whom, depth first. */
  tree: SessionRow[]
  counts: Record<'all' | 'waiting' | 'active' | 'open' | 'idle', number>
  services: string[]
  /** What sessions of other accounts do is hidden from the console's; the grant that shows it. */
  grant?: string
}

export interface ActivityData {
  /** Absent when no database of that name is declared. */
  activity?: Part<ActivityState>
}

type State = Exclude<keyof ActivityState['counts'], 'all'>

/** Who is connected to a database, what each does, and who waits for whom. */
export const databaseActivityView = defineView({
  id: 'database-activity',
  title: 'Database activity',
  permission: 'database:read',
  topics: ['database'],
  filters: z.object({
    name: exact(300),
    q: search,
    state: z.enum(['all', 'waiting', 'active', 'open', 'idle']).default('all'),
    service: text(300),
  }),
  freshFor: 1_000,
  async read({ environment, permissions }, { name, q, state, service }): Promise<ActivityData> {
    const server = environment.of(PostgresServers).find(name)
    if (!server) return {}
    environment.of(ActivityWatch).looked()
    const [activity, fleet] = await Promise.all([server.read(activityQuestion), environment.of(Fleet).read()])
    const processes = fleet.status === 'down' ? [] : fleet.data.processes
    return {
      activity: mapPart(activity, known => {
        const { rows, tree } = sessionRows(known, processes, permissions.includes('database:text'))
        const wanted = q.toLowerCase()
        const listed = rows.filter(
          row =>
            (state === 'all' || stateOf(row) === state) &&
            (service === '' || row.service === service) &&
            (wanted === '' || textOf(row).includes(wanted)),
        )
        const count = (state: State) => rows.filter(row => stateOf(row) === state).length
        return {
          rows: listed.slice(0, LIMIT),
          total: listed.length,
          tree,
          counts: {
            all: rows.length,
            waiting: count('waiting'),
            active: count('active'),
            open: count('open'),
            idle: count('idle'),
          },
          services: [...new Set(rows.flatMap(row => row.service ?? []))].sort(),
          ...(known.hidden ? { grant: known.grant } : {}),
        }
      }),
    }
  },
})

function stateOf({ awaits, state = '' }: SessionRow): State | undefined {
  if (awaits) return 'waiting'
  if (state === 'active' || state === 'idle') return state
  return state.startsWith('idle in transaction') ? 'open' : undefined
}

const textOf = ({ pid, user, application, service, address, query }: SessionRow) =>
  [pid, user, application, service, address, query].join(' ').toLowerCase()
