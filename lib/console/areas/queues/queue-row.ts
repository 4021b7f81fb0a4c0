import type { DeadChildren, JobCounts, QueueMajor } from '../../../infrastructure/queue/index.ts'
import type { Severity } from '../../platform/attention/item.ts'
import { rankedTroubles, severitiesOf } from './attention.ts'
import { type QueueState, stateOf, type Trouble, waitingOf } from './condition.ts'
import { knownHow } from './major.ts'
import type { Known, QueueRate, WatchedQueue } from './port.ts'
import { queueTitle } from './title.ts'

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
