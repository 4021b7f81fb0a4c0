import type { Job } from './job-port.ts'
import type { JobType } from './job-type.ts'

export interface WorkerOptions {
  /** In reports; the queue's name when absent. */
  name?: string
  /** Jobs at a time in this process: 1 when absent. */
  concurrency?: number
  /** Jobs at a time over the workers of all processes; the last worker that opens with one sets it for the queue. No limit when absent. */
  globalConcurrency?: number
  /** A job whose worker has not shown for this long that it is alive is given to another (ms): 30,000 when absent. */
  lockMs?: number
  /** How many processes may crash in one job before it is a dead letter: 2 when absent. Nothing in memory outlives a crash. */
  crashes?: number
  /** At most `max` jobs begin within `perMs` over all workers of the queue. Each of them must be opened with the same. */
  rateLimit?: { max: number; perMs: number }
  /** Jobs with the name of one of them are brought to its version and checked: what it does not accept is a dead letter at once. */
  types?: readonly JobType[]
  /**
   * Jobs of this queue with the same key run once: one that is delivered twice, or added twice, gets the result of the first run, also from another
   * process, for 24 hours. While that run is under way the others wait in the queue, a second at a time. A run that failed, or whose process
   * crashed, is repeated. Results are kept as JSON. Needs `idempotency` in `createQueues`.
   */
  idempotencyKey?(job: Job): string
  /** Time (ms) before the next attempt instead of the job's own backoff, or false for none: then it is a dead letter. When it throws, the job's own holds. */
  backoff?: (attempt: number, error: unknown) => number | false
  /**
   * A job that failed for good is also added to this queue, with `DeadLetterCopy` as its data; the dead letter itself stays where it is, to be
   * replayed. At least once: a process that crashes in that moment may add it twice.
   */
  deadLetterQueue?: string
  /**
   * Names of breakers that its jobs depend on. While one is open no job is taken; when a probe is due one job makes it; afterwards
   * the worker begins slowly. Needs `breakers` in `createQueues`.
   */
  dependsOn?: readonly string[]
  /** Jobs that begin a second, in the first ten seconds after the breakers have closed: 5 when absent. */
  resumePerSecond?: number
  owner?: string
  runbook?: string
}

/** What a job in a `deadLetterQueue` carries of the one that failed. Times are ms since the epoch. */
export interface DeadLetterCopy {
  queue: string
  id: string
  name: string
  data: unknown
  error: string
  stack?: string
  attemptsMade: number
  addedAt: number
  failedAt: number
}

/** The report of one worker in its process; counts since it started. */
export interface WorkerReport {
  name: string
  queue: string
  prefix: string
  concurrency: number
  active: number
  completed: number
  /** Attempts that failed, and jobs that became dead letters. */
  failed: number
  deadLettered: number
  lastError?: { at: number; message: string; jobId?: string }
  /** This worker was paused. A paused queue is not reported here. */
  paused?: boolean
  /** Breakers that its jobs depend on. */
  dependsOn?: string[]
  /** It takes no jobs, because this breaker is open; while `probing`, one at a time. */
  heldBy?: { breaker: string; since: number; probing: boolean }
  /** An operator lets jobs through whatever its breakers say. */
  ignoring?: { id: string; reason: string; by: string; since: number; until?: number }
  /** What its jobs are, where they are declared. */
  types?: { name: string; version: number; schema?: Readonly<Record<string, unknown>> }[]
  owner?: string
  runbook?: string
}

export interface Worker {
  readonly name: string
  readonly queue: string
  /** Stops taking jobs; resolves when those under way have ended, or at once with `waitForJobs: false`. */
  pause(options?: { waitForJobs?: boolean }): Promise<void>
  resume(): void
  report(): WorkerReport
  readonly revision: number
  /**
   * Stops taking jobs and waits `timeoutMs` (10,000) for those under way; then their signal aborts, and jobs that have not
   * ended half a second later are returned to the queue without losing an attempt.
   */
  close(options?: { timeoutMs?: number }): Promise<void>
}
