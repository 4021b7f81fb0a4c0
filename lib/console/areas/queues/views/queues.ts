import { z } from 'zod'
import { byText } from '../../../../core/text-order.ts'
import type { DeadChildren, JobCounts, QueueMajor } from '../../../../infrastructure/queue/index.ts'
import type { Severity } from '../../../platform/attention/item.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { Direction, turnOf } from '../../../platform/view/direction.ts'
import { search, text } from '../../../platform/view/text-filters.ts'
import { rankedTroubles, severitiesOf } from '../attention.ts'
import { type QueueState, stateOf, TROUBLES, type Trouble, waitingOf } from '../condition.ts'
import { keptRates } from '../kept-rates.ts'
import { knownHow } from '../major.ts'
import {
  evicts,
  type Known,
  type QueueRate,
  type Search,
  type ServerReading,
  type WatchedQueue,
  type WatchedServer,
} from '../port.ts'
import { Queues } from '../resource.ts'
import { queueTitle } from '../title.ts'

const LIMIT = 300

export interface QueuesData {
  queues: QueueRow[]
  /** How many match; more than are listed when the list is cut. */
  total: number
  /** Counts over all states: how many each choice of `state` would list. */
  counts: Record<'all' | 'troubled' | QueueState | Trouble, number>
  /** Every searched Redis, in the order of the configuration. Rows of one that is `down` are missing, not zero. */
  servers: QueueServerRow[]
  /** All servers answered and have been searched, and there is no queue at all. */
  none: boolean
}

/** One queue as a row. Times are ms on the clocks of their writers; ages are computed with the reader's clock. */
export interface QueueRow {
  /** `prefix:name`; with `server` it identifies the queue in URLs and operations. */
  key: string
  server: string
  prefix: string
  name: string
  /** The name, with the prefix unless that is BullMQ's default. */
  title: string
  major?: QueueMajor
  version?: string
  /** How the major is known where no version says it, as the end of a sentence. */
  majorKnown?: string
  /** The majors that an operator may set: there is no version, and its keys allow several. */
  settable?: QueueMajor[]
  /** Why it is read-only here. */
  readOnlyBecause?: string
  state: QueueState
  troubles: Trouble[]
  /** The severity of each trouble, as on the overview. */
  severities: Severity[]
  paused: boolean
  /** A count that is absent is unknown, not zero. `waiting` is without the prioritized. */
  counts: Partial<JobCounts>
  /** Waiting and prioritized; absent when one of them is unknown. */
  waiting?: number
  /** How many of the waiting are in the list that BullMQ 4 and 5 use while paused. */
  inPausedList: number
  waitingSince?: number
  /** How many of the eight oldest active jobs have no lock; absent when none. */
  orphans?: number
  lastFailedAt?: number
  /** Dead letters of the last ten minutes. */
  failedLately?: number
  /** Parents that wait for dead letters, and the queues of those. */
  deadChildren?: DeadChildren
  nextDueAt?: number
  /** Job schedulers, or repeatable jobs of 4 and 5; absent when that is not known. */
  schedulers?: number
  /** The most jobs at a time over all workers, where the queue limits it. */
  concurrency?: number
  rate: Known<QueueRate>
  /** Share of finished jobs that failed, 0 to 1; absent when nothing finished or the rate is unknown. */
  failureRate?: number
  /** Worker connections: zero means certainly none. */
  workers: Known<number>
  /** Its server does not answer: these are the last figures. */
  stale: boolean
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

/** Every BullMQ queue of every Redis of the environment, whichever program made it. */
export const queuesView = defineView({
  id: 'queues',
  title: 'Queues',
  permission: 'queue:read',
  topics: ['queues'],
  filters: z.object({
    q: search,
    server: text(60),
    state: z.enum(['all', 'troubled', ...TROUBLES, 'working', 'waiting', 'idle', 'unknown']).default('all'),
    sort: z.enum(['trouble', 'name', 'waiting', 'failed', 'rate', 'oldest']).default('trouble'),
    dir: Direction,
  }),
  freshFor: 1_000,
  async read({ environment }, filters): Promise<QueuesData> {
    const { servers } = environment.of(Queues)
    const parts = await Promise.all(servers.map(server => server.read()))
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
    return {
      queues: listed.sort((a, b) => turn * order[filters.sort](a, b)).slice(0, LIMIT),
      total: listed.length,
      counts: countStates(matching),
      servers: parts.map((part, index) => toServerRow(part, servers[index] as (typeof servers)[number])),
      none:
        rows.length === 0 && parts.every(part => part.status === 'up' && part.data.search.completedAt !== undefined),
    }
  },
})

/** A queue as a row of the page. `stale`: its server was last read a while ago. */
export function toQueueRow(queue: WatchedQueue, server: string, stale: boolean): QueueRow {
  const { key, prefix, name, writer, paused, counts, rate, workers, ...rest } = queue
  const finished = rate.known ? rate.value.completed + rate.value.failed : 0
  const troubles = rankedTroubles(queue)
  return {
    key,
    server,
    prefix,
    name,
    title: queueTitle(key),
    major: writer.major,
    version: writer.version,
    majorKnown: knownHow(writer),
    settable: writer.possible && writer.possible.length > 1 ? writer.possible : undefined,
    readOnlyBecause: writer.major === undefined ? writer.unknownBecause : undefined,
    state: stateOf(queue),
    troubles,
    severities: severitiesOf(queue, troubles),
    paused,
    counts,
    waiting: waitingOf(queue),
    inPausedList: rest.inPausedList,
    waitingSince: rest.waitingSince,
    orphans: rest.orphans,
    lastFailedAt: rest.lastFailedAt,
    failedLately: rest.failedLately,
    deadChildren: rest.deadChildren,
    nextDueAt: rest.nextDueAt,
    schedulers: rest.schedulers,
    concurrency: rest.concurrency,
    rate,
    failureRate: rate.known && finished > 0 ? rate.value.failed / finished : undefined,
    workers: workers.known ? { known: true, value: workers.value.length } : workers,
    stale,
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

const gravityOf = ({ troubles: [first] }: QueueRow) => (first === undefined ? TROUBLES.length : TROUBLES.indexOf(first))
const byName = (a: QueueRow, b: QueueRow) => byText(a.title, b.title) || byText(a.key, b.key)
/** Unknown sorts after everything known. */
const most = (figure: (row: QueueRow) => number | undefined) => (a: QueueRow, b: QueueRow) =>
  (figure(b) ?? -1) - (figure(a) ?? -1) || byName(a, b)
const order: Record<
  'trouble' | 'name' | 'waiting' | 'failed' | 'rate' | 'oldest',
  (a: QueueRow, b: QueueRow) => number
> = {
  trouble: (a, b) => gravityOf(a) - gravityOf(b) || most(row => row.waiting)(a, b),
  name: byName,
  waiting: most(row => row.waiting),
  failed: most(row => row.counts.failed),
  rate: most(row => (row.rate.known ? row.rate.value.completed + row.rate.value.failed : undefined)),
  oldest: most(row => (row.waitingSince === undefined ? undefined : Date.now() - row.waitingSince)),
}
