import type { JobCounts } from './port.ts'

/** Identifies the keys of a queue: `prefix:name:…`. Both may contain any UTF-8. */
export interface QueueAddress {
  prefix: string
  name: string
}

export type QueueMajor = 4 | 5 | 6

/** Which BullMQ works on a queue: by its `meta.version`, or else by other keys and fields that it writes. */
export interface QueueWriter {
  /** The value of `meta.version`: `bullmq:5.81.5`. Absent when there is none: flows and workers alone never write it, nor do older versions. */
  version?: string
  /** Present when it is certain and its rules are known here; then the queue can be operated. */
  major?: QueueMajor
  /** Without a version: the majors that its keys and jobs allow. */
  possible?: QueueMajor[]
  /** Why it is read-only here. */
  unknownBecause?: string
}

/** A queue to operate. */
export interface ActAddress extends QueueAddress {
  /** The major to assume when the queue itself has no version. */
  assumed?: QueueMajor
}

/** One queue at one moment. Times are ms since the epoch, by the clocks of the processes that wrote them. */
export interface QueueReading extends QueueAddress {
  writer: QueueWriter
  paused: boolean
  /** A state whose key is not of BullMQ's type is absent: unknown, not zero. */
  counts: Partial<JobCounts>
  /** How many of those waiting are in the `paused` list, which BullMQ 4 and 5 use and 6 ignores. */
  inPausedList: number
  /**
   * Since when the oldest job that could be taken now waits, of the few that come next; absent when there is none, or when it is not
   * known: BullMQ does not keep when a job came back from a retry or was promoted.
   */
  waitingSince?: number
  /** How many of the eight active jobs that were taken first have no lock: their workers stopped, or are blocked. Absent when none. */
  orphans?: number
  /** When the newest dead letter failed, and how many did in the last ten minutes. */
  lastFailedAt?: number
  failedLately?: number
  /** When the first of those failed; absent when none did. */
  failingSince?: number
  /** When the next delayed job is due. */
  nextDueAt?: number
  /** Job schedulers, or the repeatable jobs of 4 and 5. */
  schedulers?: number
  /** The queue's limit of concurrent jobs over all workers, if it has one. */
  concurrency?: number
}

/** Connections to the same database whose client name is that of a worker, by queue (`prefix:name`). */
export interface WorkerSighting {
  byQueue: ReadonlyMap<string, WorkerClient[]>
  /** Connections that wait for jobs of an unknown queue: then it is not known of any queue that it has no worker. */
  unnamed: number
}

export interface WorkerClient {
  /** Address, and the worker's own name if it has one. */
  address: string
  name?: string
  /** Seconds since it connected, and since its last command. */
  ageSeconds?: number
  idleSeconds?: number
  /** The majors that wait for jobs with the command it was running. */
  majors?: QueueMajor[]
}

/** A job scheduler, or a repeatable job of BullMQ 4 and 5. */
export interface SchedulerReading {
  key: string
  name: string
  pattern?: string
  everyMs?: number
  timeZone?: string
  nextAt?: number
  endAt?: number
  limit?: number
  runs?: number
}

/** The activity of a queue since a cursor, counted in its stream of events. */
export interface QueueActivity {
  /** The next cursor; `0-0` when the stream is empty. */
  cursor: string
  completed: number
  /** Jobs that failed for good. */
  failed: number
  /** Totals of the queue, if its workers record metrics: exact, also when events were trimmed. */
  recorded?: { completed: number; failed: number }
  /** Events were trimmed before they could be read: the counts are of those that are left. */
  trimmed: boolean
}

export interface FoundQueues {
  queues: QueueAddress[]
  /** Number of queues under other prefixes than the declared ones, by presumed prefix; 10,000 prefixes at most. */
  elsewhere: { prefix: string; queues: number }[]
  /** Queues under prefixes beyond those. */
  elsewhereRest: number
  /** Keys that look like a queue's, but whose name is not UTF-8. */
  unreadable: number
  /** Keys that look like a queue's and were examined. */
  candidates: number
  /** The next cursor; absent when all keys have been scanned. */
  next?: string
}
