import { InfrastructureError } from '../../core/errors.ts'
import type { HoldOptions } from '../resilience/index.ts'

export interface JobOptions {
  /** Set by the caller to add a job only once: a second one with the same id is not added. No colon, and not a number. */
  id?: string
  /** Not before this many ms from now. */
  delayMs?: number
  /** 1 comes first, larger numbers later, up to 2,097,152; jobs without a priority come before all of them. */
  priority?: number
  /** The most attempts: 1 when absent. */
  attempts?: number
  /** Time in ms between attempts: constant, or doubling. */
  backoff?: { kind: 'fixed' | 'exponential'; delayMs: number }
  /** How many finished jobs are kept, the newest ones. All are kept when absent. */
  keepCompleted?: number
}

export interface NewJob<T = unknown> {
  name: string
  data: T
  options?: JobOptions
}

export type JobState = 'waiting' | 'active' | 'delayed' | 'prioritized' | 'waiting-children' | 'completed' | 'failed'
/** Jobs by state. `failed` are the dead letters. */
export type JobCounts = Record<JobState, number>

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

/** Jobs of one kind, kept until a worker has done them. Rejects with QueueError only. */
export interface Queue {
  readonly name: string
  readonly prefix: string
  /** Resolves with the id once the job is stored. */
  add<T>(name: string, data: T, options?: JobOptions): Promise<{ id: string }>
  /** All or none, in order. */
  addBulk(jobs: readonly NewJob[]): Promise<{ id: string }[]>
  counts(): Promise<JobCounts>
  /** For all workers in all processes: jobs under way end, no new one begins. Jobs can still be added. */
  pause(): Promise<void>
  resume(): Promise<void>
  isPaused(): Promise<boolean>
  /** The newest first. `limit` is 100 when absent. */
  deadLetters(page?: { offset?: number; limit?: number }): Promise<{ total: number; jobs: DeadLetter[] }>
  /**
   * Replays a dead letter as it was added: same id, data, priority and delay, and all its attempts; in one step.
   * QueueError `QUEUE_JOB_MISSING` when there is no such job, `QUEUE_JOB_STATE` when it is not a dead letter.
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
  /** 1 for the first attempt. */
  attempt: number
  attempts: number
  /** Aborts when the worker is closed and its timeout has passed. */
  signal: AbortSignal
  /** A line kept with the job. */
  log(line: string): Promise<void>
}

/** The value it resolves with is kept as the result; the error it rejects with is that of this attempt. */
export type JobHandler<T = unknown> = (job: Job<T>) => Promise<unknown> | unknown

export interface WorkerOptions {
  /** In reports; the queue's name when absent. */
  name?: string
  /** Jobs at a time in this process: 1 when absent. */
  concurrency?: number
  /** Jobs at a time over the workers of all processes; the last worker that opens with one sets it for the queue. No limit when absent. */
  globalConcurrency?: number
  /** A job whose worker has not shown for this long that it is alive is given to another (ms): 30,000 when absent. */
  lockMs?: number
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

/** The queues and workers of one process. */
export interface Queues {
  /** The same queue for the same name. */
  queue(name: string): Promise<Queue>
  work<T>(queue: string, handler: JobHandler<T>, options?: WorkerOptions): Promise<Worker>
  reports(): WorkerReport[]
  readonly revision: number
  /** Lets the workers of a queue take jobs although a breaker is open on which they depend. False when none depends on any. */
  ignoreDependencies(queue: string, options: HoldOptions): boolean
  /** Ends that. With an id, only that one: false when another, or none, is in force. */
  mindDependencies(queue: string, id?: string): boolean
  /** Closes workers first, so that jobs under way can finish; then queues, then the connections opened here. */
  close(options?: { timeoutMs?: number }): Promise<void>
}

/** What an adapter provides; `Queues` is built on it. */
export interface QueueBackend {
  openQueue(name: string): Promise<Queue>
  openWorker(queue: string, handler: JobHandler, options: WorkerOptions): Promise<Worker>
  close(): Promise<void>
}

export type QueueErrorCode =
  `QUEUE_${'UNREACHABLE' | 'VALUE' | 'JOB_MISSING' | 'JOB_STATE' | 'OTHER_MAJOR' | 'CLOSED' | 'REFUSED' | 'DENIED'}`

/** The error of queues: `retryable` when Redis was down, with a next step when a person can do something. */
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

/** Thrown by a handler: another attempt is pointless, the job becomes a dead letter at once. */
export class PermanentJobError extends InfrastructureError {
  override readonly code = 'JOB_PERMANENT'
}
