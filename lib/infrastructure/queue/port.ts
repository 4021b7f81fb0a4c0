import type { HoldOptions } from '../resilience/index.ts'
import type { AddedFlow, Batch, FlowJob } from './flow-port.ts'
import type { AddedJob, DeadLetter, FoundJob, JobCounts, JobHandler, JobOptions, NewJob } from './job-port.ts'
import type { JobType } from './job-type.ts'
import type { Worker, WorkerOptions, WorkerReport } from './worker-port.ts'

export {
  CancelledError,
  JobDeadlineError,
  JobTimeoutError,
  PermanentJobError,
  QueueError,
  type QueueErrorCode,
} from './errors.ts'
export type { AddedFlow, Batch, FlowJob } from './flow-port.ts'
export type {
  AddedJob,
  DeadLetter,
  Deduplication,
  FoundJob,
  Job,
  JobCounts,
  JobHandler,
  JobOptions,
  JobState,
  NewJob,
  TraceContext,
} from './job-port.ts'
export type { DeadLetterCopy, Worker, WorkerOptions, WorkerReport } from './worker-port.ts'

/** Jobs of one kind, kept until a worker has done them. Rejects with QueueError only. */
export interface Queue {
  readonly name: string
  readonly prefix: string
  /** Resolves once the job is stored. With a type of job its data is checked first: `QUEUE_VALUE` with the fields that are wrong. */
  add<T>(job: JobType<T>, data: NoInfer<T>, options?: JobOptions): Promise<AddedJob>
  add<T>(name: string, data: T, options?: JobOptions): Promise<AddedJob>
  /** All or none, in order. */
  addBulk(jobs: readonly NewJob[]): Promise<AddedJob[]>
  /** A job in any state; undefined when there is none. */
  find(id: string): Promise<FoundJob | undefined>
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
  /** Removes a job that is not being worked on, with its children. False when there was none; `QUEUE_JOB_STATE` while it is active. */
  remove(id: string): Promise<boolean>
  /**
   * A job that has not begun is `removed`. Of one under way the signal aborts within about half a second, in whichever process it is (`aborting`), and it
   * becomes a dead letter with CancelledError, unless its handler completes all the same. `QUEUE_JOB_MISSING` when there is none,
   * `QUEUE_JOB_STATE` when it has ended.
   */
  cancel(id: string): Promise<'removed' | 'aborting'>
  close(): Promise<void>
}

/** The queues and workers of one process. */
export interface Queues {
  /** The same queue for the same name. */
  queue(name: string): Promise<Queue>
  /** Adds a job with its children, all or none. A child may have children. */
  addFlow(flow: FlowJob): Promise<AddedFlow>
  /**
   * Adds jobs, and one that runs once when each of them has completed or is a dead letter; its `childrenCounts` say how many of each. It is a flow
   * whose children are ignored when they fail: a dead letter that is replayed afterwards runs on its own.
   */
  addBatch(batch: Batch): Promise<AddedFlow>
  work<T>(
    queue: string,
    handler: JobHandler<T>,
    options: WorkerOptions & { types: readonly JobType<T>[] },
  ): Promise<Worker>
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
