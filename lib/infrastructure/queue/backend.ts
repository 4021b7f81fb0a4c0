import type { AddedFlow, AddedJob, FlowJob, JobHandler, JobOptions, Queue, TraceContext } from './port.ts'
import type { DeadLetterCopy, Worker, WorkerOptions } from './worker-port.ts'

/** A job whose data and options are checked, with all that is stored of it. */
export interface PreparedJob {
  name: string
  data: unknown
  /** The data as JSON. */
  text: string
  options: JobOptions
  version?: number
  trace?: TraceContext
}

export interface PreparedFlow extends PreparedJob {
  queue: string
  ifItFails: NonNullable<FlowJob['ifItFails']>
  children: PreparedFlow[]
}

export interface BackendQueue extends Omit<Queue, 'add' | 'addBulk'> {
  add(job: PreparedJob): Promise<AddedJob>
  addBulk(jobs: readonly PreparedJob[]): Promise<AddedJob[]>
}

export interface BackendWorkerOptions extends Omit<WorkerOptions, 'types' | 'idempotencyKey'> {
  /** Called before a job becomes a dead letter. */
  bury?: (letter: DeadLetterCopy) => Promise<unknown>
}

/** What an adapter provides; `Queues` is built on it. */
export interface QueueBackend {
  openQueue(name: string): Promise<BackendQueue>
  openWorker(queue: string, handler: JobHandler, options: BackendWorkerOptions): Promise<Worker>
  addFlow(flow: PreparedFlow): Promise<AddedFlow>
  close(): Promise<void>
}
