import { z } from 'zod'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { Direction, turnOf } from '../../../platform/view/direction.ts'
import { canonical } from '../../../platform/view/filters.ts'
import { search, text } from '../../../platform/view/text-filters.ts'
import { type QueueState, TROUBLES, type Trouble } from '../condition.ts'
import { favouriteKeys, isFavourite } from '../favourites.ts'
import { keptRates } from '../kept-rates.ts'
import { evicts, type Search, type ServerReading, type WatchedServer } from '../port.ts'
import { queueOrder } from '../queue-order.ts'
import { type QueueRow, toQueueRow } from '../queue-row.ts'
import { Queues } from '../resource.ts'
import { groupByService, type QueueGroup, servicesOfQueues } from '../service-groups.ts'

export type { QueueRow } from '../queue-row.ts'

const LIMIT = 300

export interface QueuesData {
  queues: QueueRow[]
  /** The same queues by the services that work on them, where that was asked for; then `queues` is empty. */
  groups?: QueueGroup[]
  /** Why no service is known, where groups were asked for and the fleet does not answer. */
  servicesUnknown?: string
  /** How many match; more than are listed when the list is cut. */
  total: number
  /** Counts over all states: how many each choice of `state` would list. */
  counts: Record<'all' | 'troubled' | QueueState | Trouble, number>
  /** Every searched Redis, in the order of the configuration. Rows of one that is `down` are missing, not zero. */
  servers: QueueServerRow[]
  /** All servers answered and have been searched, and there is no queue at all. */
  none: boolean
}

export interface QueueServerRow {
  name: string
  address: string
  /** The only prefixes that are shown; absent: all are. */
  prefixes?: string[]
  status: Part<unknown>['status']
  /** When its figures were read; absent when they never were. */
  at?: number
  reason?: string
  since?: number
  nextStep?: string
  queues: number
  search?: Search
  evictionPolicy?: string
  /** Redis evicts keys when its memory is full: jobs may be lost. */
  evicts: boolean
}

const Filters = z.object({
  q: search,
  server: text(60),
  state: z.enum(['all', 'troubled', ...TROUBLES, 'working', 'waiting', 'idle', 'unknown']).default('all'),
  sort: z.enum(['trouble', 'name', 'waiting', 'failed', 'rate', 'oldest']).default('trouble'),
  dir: Direction,
  /** `service`: in groups. */
  group: z.enum(['none', 'service']).default('none'),
  /** Which come first, as JSON: `[[server, key], …]`. */
  first: favouriteKeys,
})

/** Every BullMQ queue of every Redis of the environment, whichever program made it. */
export const queuesView = defineView({
  id: 'queues',
  title: 'Queues',
  permission: 'queue:read',
  topics: ['queues'],
  filters: Filters,
  freshFor: 1_000,
  async read({ environment }, filters): Promise<QueuesData> {
    const { servers } = environment.of(Queues)
    const parts = await Promise.all(servers.map(server => server.read()))
    const { first, ...shared } = filters
    const { rows, matching, listed } = await listedFor(environment, parts, shared)
    const isFirst = isFavourite(first)
    const ordered = first === '' ? listed : [...listed.filter(isFirst), ...listed.filter(row => !isFirst(row))]
    return {
      ...(filters.group === 'service' ? await inGroups(environment, ordered) : { queues: ordered.slice(0, LIMIT) }),
      total: listed.length,
      counts: countStates(matching),
      servers: parts.map((part, index) => toServerRow(part, servers[index] as (typeof servers)[number])),
      none:
        rows.length === 0 && parts.every(part => part.status === 'up' && part.data.search.completedAt !== undefined),
    }
  },
})

interface Listed {
  rows: QueueRow[]
  /** Of the server and with the text that is asked for. */
  matching: QueueRow[]
  /** Those of them in the state that is asked for, in order. */
  listed: readonly QueueRow[]
}

type SharedFilters = Omit<z.output<typeof Filters>, 'first'>

interface Memo {
  parts: readonly Part<ServerReading>[]
  list: Promise<Listed>
}

/** By the reading of the first server, so that they go when it is read again. */
const memos = new WeakMap<Part<ServerReading>, Map<string, Memo>>()

/** Shared by all who ask the same of the same readings: their favourites, which everyone has of their own, are put first afterwards. */
function listedFor(
  environment: ConsoleEnvironment,
  parts: readonly Part<ServerReading>[],
  filters: SharedFilters,
): Promise<Listed> {
  const [first] = parts
  if (!first) return listQueues(environment, parts, filters)
  const memo = memos.get(first) ?? new Map<string, Memo>()
  memos.set(first, memo)
  const key = canonical(filters)
  const known = memo.get(key)
  if (known?.parts.every((part, index) => part === parts[index])) return known.list
  const list = listQueues(environment, parts, filters)
  memo.set(key, { parts, list })
  // A failed one must not be served to the next asker.
  list.catch(() => {
    if (memo.get(key)?.list === list) memo.delete(key)
  })
  return list
}

async function listQueues(
  environment: ConsoleEnvironment,
  parts: readonly Part<ServerReading>[],
  filters: SharedFilters,
): Promise<Listed> {
  const { servers } = environment.of(Queues)
  const known = parts.flatMap((part, index) =>
    part.status === 'down'
      ? []
      : part.data.queues.map(queue => ({
          queue,
          server: servers[index]?.name ?? '',
          stale: part.status === 'stale',
        })),
  )
  const kept = await keptRates(environment, known)
  const rows = known.map(({ queue, server, stale }) => {
    const rate = queue.rate.known ? undefined : kept(server, queue.key)
    return toQueueRow(rate ? { ...queue, rate: { known: true, value: rate } } : queue, server, stale)
  })
  const q = filters.q.toLowerCase()
  const matching = rows.filter(
    row => (!filters.server || row.server === filters.server) && (!q || row.key.toLowerCase().includes(q)),
  )
  const listed = matching.filter(
    row =>
      filters.state === 'all' ||
      (filters.state === 'troubled' ? row.troubles.length > 0 : row.state === filters.state) ||
      // As on the overview: a queue counts under its most severe trouble.
      row.troubles[0] === filters.state,
  )
  const turn = turnOf(filters.dir, filters.sort === 'name' ? 'asc' : 'desc')
  listed.sort((a, b) => turn * queueOrder[filters.sort](a, b))
  return { rows, matching, listed }
}

async function inGroups(environment: ConsoleEnvironment, rows: readonly QueueRow[]) {
  const services = await servicesOfQueues(environment)
  return {
    queues: [],
    groups: groupByService(rows, services, LIMIT),
    ...(services.status === 'down' ? { servicesUnknown: services.reason } : {}),
  }
}

function toServerRow(
  part: Part<ServerReading>,
  { name, address, prefixes }: Pick<WatchedServer, 'name' | 'address' | 'prefixes'>,
): QueueServerRow {
  const base = { name, address, ...(prefixes ? { prefixes: [...prefixes] } : {}), status: part.status }
  const outage = part.status === 'up' ? {} : { reason: part.reason, since: part.since, nextStep: part.nextStep }
  if (part.status === 'down') return { ...base, ...outage, queues: 0, evicts: false }
  const { queues, search, evictionPolicy } = part.data
  return {
    ...base,
    ...outage,
    at: part.at,
    queues: queues.length,
    search,
    evictionPolicy,
    evicts: evicts(evictionPolicy),
  }
}

function countStates(rows: QueueRow[]): QueuesData['counts'] {
  const counts: QueuesData['counts'] = {
    all: rows.length,
    troubled: 0,
    'no-workers': 0,
    orphaned: 0,
    'left-behind': 0,
    'dead-children': 0,
    'dead-letters': 0,
    'backing-up': 0,
    working: 0,
    waiting: 0,
    paused: 0,
    idle: 0,
    unknown: 0,
  }
  for (const row of rows) {
    counts[row.state]++
    const [gravest] = row.troubles
    if (gravest !== undefined) counts.troubled++
    if (gravest !== undefined && gravest !== 'paused') counts[gravest]++
  }
  return counts
}
