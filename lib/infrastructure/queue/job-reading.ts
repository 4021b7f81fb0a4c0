import type { JobState } from './port.ts'

/** A value of any size and kind from Redis: at most the requested part of it, always with its full size. */
export interface Content {
  bytes: number
  /** Absent when it was too large to be read, or is not text. */
  text?: string
  /** `text` is only the beginning. */
  cut?: boolean
  /** Not UTF-8: the first bytes as hexadecimal digits. */
  hex?: string
}

export interface JobSummary {
  id: string
  /** Empty when the job has no readable name. */
  name: string
  state: JobState
  addedAt?: number
  /** When the last attempt began, and when the job completed or failed for good. */
  processedAt?: number
  finishedAt?: number
  /** Of a delayed job: when it is due. */
  dueAt?: number
  /** Of an active job: it has no lock, so that its worker has stopped, or is blocked. */
  orphaned?: true
  attemptsMade: number
  attempts: number
  priority: number
  /** As it was added, ms. */
  delayMs: number
  lifo: boolean
  error?: Content
  data: Content
  /** JSON text: a number or any other value that the worker wrote. */
  progress?: Content
  /** The scheduler or repeatable job that added it. */
  scheduler?: string
  /** `prefix:name:id` of the job that waits for it. */
  parent?: string
  /** What in it is not as BullMQ would have written it, as sentences. */
  problems: string[]
}

export interface JobDetail extends Omit<JobSummary, 'state'> {
  /** Absent: it is in no list that was searched. */
  state?: JobState
  /** JSON text. */
  options: Content
  result?: Content
  /** Of each attempt that has one, oldest first. */
  stacks: Content
  /** The newest lines, oldest of them first; `total` is the number of all. */
  logs: { total: number; lines: Content[] }
  /** Name of the worker that took it last. */
  processedBy?: string
  deduplication?: string
  stalled: number
  /** Attempts that have begun, those that stalled included; absent when none has. */
  attemptsBegun?: number
  /** ms for which its worker still has the lock. */
  lockedForMs?: number
  /** Where the job that waits for it is, if it was found. */
  parentAt?: { queue: string; id: string; state: JobState }
  /** The number of jobs it waits for, has results of, and has failures of; and some of them, first dead letters that it waits for. */
  children?: { pending: number; done: number; failed: number; jobs: ChildJob[] }
}

/** A job that another one waits for, or has waited for. */
export interface ChildJob {
  /** `prefix:name:id` */
  key: string
  /** Its outcome for the parent: still waited for, done, or failed without failing the parent. */
  outcome: 'pending' | 'done' | 'failed'
  /** Absent when it is in no list that was searched: then its queue is not certain either. */
  state?: JobState
  /** `prefix:name` and id, where it was found. */
  queue?: string
  id?: string
  /** Whether the job itself still exists. */
  exists: boolean
  name?: string
  error?: Content
}

/** One job of a flow. */
export interface FamilyMember {
  /** `prefix:name` */
  queue: string
  id: string
  name: string
  /** Absent: it is in no list that was searched. */
  state?: JobState
  /** A worker is processing it. */
  locked: boolean
}

/** A job with all that wait for it, directly or not, and all that these wait for or have waited for. */
export interface Family {
  /** Children before the jobs that wait for them; the last is the one that nobody waits for. */
  jobs: FamilyMember[]
  /** There are more than were looked for. */
  cut: boolean
}

/** Parents that wait for dead letters: they go on when those are replayed and done, or never. */
export interface DeadChildren {
  /** Among the parents examined, which are those that wait longest. */
  parents: number
  examined: number
  /** The queues of the dead letters, as `prefix:name`, and how many parents wait for one there. */
  queues: { key: string; parents: number }[]
  /** When the first of them failed. */
  since?: number
}

export interface JobPage {
  jobs: JobSummary[]
  /** Jobs in that state; of a filtered page, those that match among the examined. */
  total: number
  /** How many were examined for a filtered page, from the first on; fewer than `inState` when `complete` is false. */
  examined: number
  /** Jobs in that state, without the filter. */
  inState: number
  complete: boolean
}

export interface JobQuery {
  state: JobState
  offset: number
  /** At most 200. */
  limit: number
  filter?: JobFilter
  /** Converts an error to the form its reader may see, so that a search cannot reveal what is hidden from them. Its first 4 KiB are compared then. */
  seen?: (error: string) => string
  /** The most jobs examined for a filtered page; 2,000 when absent. Fewer when 1.5 s have passed. */
  examine?: number
}

/**
 * Which jobs match, in a list and in an act alike. A text matches anywhere in the first 64 KiB, without regard to case (ASCII); if several
 * are given, all must match.
 */
export interface JobFilter {
  /** Contained in the name or the error, or equal to the id. */
  q?: string
  name?: string
  error?: string
}

/** The summary of a job, its texts cut. */
export interface JobLine {
  id: string
  name: string
  error: string
}
