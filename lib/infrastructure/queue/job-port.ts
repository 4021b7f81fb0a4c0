import type { JobType } from './job-type.ts'

/**
 * Of jobs with the same `id` one is enough. The others are not added, and `add` answers with the one that they were held back for.
 * - `simple`: while one waits or is worked on, until it has completed or is a dead letter.
 * - `throttle`: for `ttlMs` after the last one that was added, whatever became of it.
 * - `debounce`: each job begins `ttlMs` after it was added, and one that is added in the meantime replaces it, and is the one that is answered.
 */
export type Deduplication =
  | { id: string; mode: 'simple' }
  | { id: string; mode: 'throttle' | 'debounce'; ttlMs: number }

export interface JobOptions {
  /** Set by the caller to add a job only once: a second one with the same id is not added. No colon, and not a number. */
  id?: string
  /** Not before this many ms from now. */
  delayMs?: number
  /** 1 comes first, larger numbers later, up to 2,097,151; jobs without a priority come before all of them. */
  priority?: number
  /** The most attempts: 1 when absent. */
  attempts?: number
  /** Time in ms between attempts: constant, or doubling. A random part of it is left out, up to the share `jitter` (0 to 1; 0 when absent). */
  backoff?: { kind: 'fixed' | 'exponential'; delayMs: number; jitter?: number }
  /** How many finished jobs are kept, the newest ones. All are kept when absent. */
  keepCompleted?: number
  /** Not for jobs of a flow; `debounce` not together with `delayMs`. */
  deduplication?: Deduplication
  /**
   * From when it was added (ms), also over a replay. When it passes, the signal aborts and the job becomes a dead letter with
   * JobDeadlineError; one that has not begun by then becomes one when a worker takes it.
   */
  deadlineMs?: number
  /** For one attempt (ms). When it passes, the signal aborts and the attempt has failed with JobTimeoutError. */
  timeoutMs?: number
}

/** With the name of a type its data is checked; with a plain name it may be any JSON. */
export interface NewJob<T = unknown> {
  name: string | JobType<T>
  data: T
  options?: JobOptions
}

/** `deduplicated`: it was not added, and the id is that of the job that it was held back for. */
export interface AddedJob {
  id: string
  deduplicated?: true
}

export type JobState = 'waiting' | 'active' | 'delayed' | 'prioritized' | 'waiting-children' | 'completed' | 'failed'
/** Jobs by state. `failed` are the dead letters. */
export type JobCounts = Record<JobState, number>

/** A job as it is now. Times are ms since the epoch. */
export interface FoundJob {
  id: string
  name: string
  data: unknown
  state: JobState
  attemptsMade: number
  addedAt: number
  /** What it reported last with `progress`. */
  progress?: unknown
  /** What its handler resolved with, once it is completed. */
  result?: unknown
  /** Message of the last attempt that failed. */
  error?: string
}

/** A job that failed for good. Times are ms since the epoch. */
export interface DeadLetter {
  id: string
  name: string
  data: unknown
  /** Message of the last error, and the stacks of the attempts that have one, oldest first. */
  error: string
  stacks: string[]
  /** Class and code of the last error, where it has them, and what dead letters of one kind share (`failureOf`). */
  class?: string
  code?: string
  fingerprint: string
  attemptsMade: number
  attempts: number
  priority: number
  delayMs: number
  addedAt: number
  failedAt: number
}

/** W3C Trace Context. */
export interface TraceContext {
  traceparent: string
  tracestate?: string
}

/** A job that a handler gets. */
export interface Job<T = unknown> extends Partial<TraceContext> {
  id: string
  name: string
  data: T
  /** Of its data when it was added, with a type; 1 when absent. */
  version?: number
  /** 1 for the first attempt. */
  attempt: number
  attempts: number
  /** ms since the epoch. */
  addedAt: number
  /**
   * Aborts with CancelledError, JobTimeoutError or JobDeadlineError, or when the worker is closed and its timeout has passed.
   * What has not ended half a second later is no longer waited for.
   */
  signal: AbortSignal
  /** A line kept with the job. */
  log(line: string): Promise<void>
  /** Its progress: a JSON value, kept with the job until the next one. */
  progress(value: unknown): Promise<void>
  /** What the children of a flow resolved with, by `<queue>:<id>`. */
  childrenValues(): Promise<Record<string, unknown>>
  /** Errors of children that failed for good with `ifItFails: 'ignore'`, by `<queue>:<id>`. */
  childrenErrors(): Promise<Record<string, string>>
  /** How many children there are of each. */
  childrenCounts(): Promise<{ completed: number; failed: number }>
}

/** The value it resolves with is kept as the result; the error it rejects with is that of this attempt. */
export type JobHandler<T = unknown> = (job: Job<T>) => Promise<unknown> | unknown
