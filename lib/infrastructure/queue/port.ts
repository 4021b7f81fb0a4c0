import { InfrastructureError } from '../../core/errors.ts'

export interface JobOptions {
  /** Given by the caller to add a job once only: a second one with the same id is not added. No colon, and not a number. */
  id?: string
  /** Not before this many ms from now. */
  delayMs?: number
  /** 1 comes first, larger numbers later, up to 2,097,152; jobs without a priority come before all of them. */
  priority?: number
  /** Tries in all: 1 when absent. */
  attempts?: number
  /** Time in ms between tries: the same each time, or doubling. */
  backoff?: { kind: 'fixed' | 'exponential'; delayMs: number }
  /** Finished jobs kept for looking at, the newest ones. All are kept when absent. */
  keepCompleted?: number
}

export interface NewJob<T = unknown> {
  name: string
  data: T
  options?: JobOptions
}

export type JobState = 'waiting' | 'active' | 'delayed' | 'prioritized' | 'waiting-children' | 'completed' | 'failed'
/** Jobs by state. `failed` are the dead letters: their tries are spent. */
export type JobCounts = Record<JobState, number>

/** A job whose tries are spent. Times are ms since the epoch. */
export interface DeadLetter {
  id: string
  name: string
  data: unknown
  /** Message of the last error, and a stack for each try that left one, oldest first. */
  error: string
  stacks: string[]
  attemptsMade: number
  attempts: number
  priority: number
  delayMs: number
  addedAt: number
  failedAt: number
}

/** Jobs of one kind, kept until a worker has done them. Rejects with QueueError only. */
export interface Queue {
  readonly name: string
  readonly prefix: string
  /** Resolves with the id once the job is stored. */
  add<T>(name: string, data: T, options?: JobOptions): Promise<{ id: string }>
  /** All or none, in order. */
  addBulk(jobs: readonly NewJob[]): Promise<{ id: string }[]>
  counts(): Promise<JobCounts>
  /** For all workers everywhere: jobs under way end, no new one begins. Adding goes on. */
  pause(): Promise<void>
  resume(): Promise<void>
  isPaused(): Promise<boolean>
  /** The newest first. `limit` is 100 when absent. */
  deadLetters(page?: { offset?: number; limit?: number }): Promise<{ total: number; jobs: DeadLetter[] }>
  /**
   * Puts a dead letter back as it was added: same id, data, priority and delay, all its tries again; in one step.
   * QueueError `QUEUE_JOB_MISSING` when there is no such job, `QUEUE_JOB_STATE` when it is no dead letter.
   */
  replay(id: string): Promise<void>
  /** Removes a job that is not being worked on. False when there was none; `QUEUE_JOB_STATE` while it is active. */
  remove(id: string): Promise<boolean>
  close(): Promise<void>
}

export interface Job<T = unknown> {
  id: string
  name: string
  data: T
  /** 1 for the first try. */
  attempt: number
  attempts: number
  /** Aborts when the worker is closed and its patience has ended. */
  signal: AbortSignal
  /** A line kept with the job. */
  log(line: string): Promise<void>
}

/** What the work resolves with is kept as the result; what it rejects with is the error of this try. */
export type JobHandler<T = unknown> = (job: Job<T>) => Promise<unknown> | unknown

export interface WorkerOptions {
  /** In reports; the queue's name when absent. */
  name?: string
  /** Jobs at a time in this process: 1 when absent. */
  concurrency?: number
  owner?: string
  runbook?: string
}

/** One worker as its process sees it; counts since it started. */
export interface WorkerReport {
  name: string
  queue: string
  prefix: string
  concurrency: number
  active: number
  completed: number
  /** Tries that failed, and jobs that thereby became dead letters. */
  failed: number
  deadLettered: number
  lastError?: { at: number; message: string; jobId?: string }
  /** This worker was paused here. A paused queue does not show. */
  paused?: boolean
  owner?: string
  runbook?: string
}

export interface Worker {
  readonly name: string
  readonly queue: string
  /** Takes no new job; resolves when those under way have ended. */
  pause(): Promise<void>
  resume(): void
  report(): WorkerReport
  readonly revision: number
  /**
   * Takes no new job and waits `timeoutMs` (10,000) for those under way; then their signal aborts, and what has not
   * ended half a second later is given back to the queue, with no try lost.
   */
  close(options?: { timeoutMs?: number }): Promise<void>
}

/** The queues and workers of one process. */
export interface Queues {
  /** The same queue for the same name. */
  queue(name: string): Promise<Queue>
  work<T>(queue: string, handler: JobHandler<T>, options?: WorkerOptions): Promise<Worker>
  reports(): WorkerReport[]
  readonly revision: number
  /** Workers first, so that what is under way can still be finished; then queues, then the connections made here. */
  close(options?: { timeoutMs?: number }): Promise<void>
}

/** What an adapter provides; `Queues` is made of it. */
export interface QueueBackend {
  openQueue(name: string): Promise<Queue>
  openWorker(queue: string, handler: JobHandler, options: WorkerOptions): Promise<Worker>
  close(): Promise<void>
}

export type QueueErrorCode =
  `QUEUE_${'UNREACHABLE' | 'VALUE' | 'JOB_MISSING' | 'JOB_STATE' | 'OTHER_MAJOR' | 'CLOSED' | 'REFUSED' | 'DENIED'}`

/** The one error of queues: `retryable` where Redis was away, with the next step where a person can do something. */
export class QueueError extends InfrastructureError {
  override readonly code: QueueErrorCode
  constructor(
    message: string,
    options: { code: QueueErrorCode; retryable?: boolean; nextStep?: string; cause?: unknown },
  ) {
    super(message, options)
    this.code = options.code
  }
}

/** Thrown by a handler: trying again is pointless, the job becomes a dead letter at once. */
export class PermanentJobError extends InfrastructureError {
  override readonly code = 'JOB_PERMANENT'
}
