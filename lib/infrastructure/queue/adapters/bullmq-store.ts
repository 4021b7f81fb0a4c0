import type { FlowProducer, IQueueBackend, Processor, Queue, Worker, WorkerOptions } from 'bullmq'
import type { JobCounts } from '../port.ts'

// biome-ignore lint/suspicious/noExplicitAny: BullMQ's classes take what a job carries as a parameter; here it is anything.
export type BullQueue = Queue<any, any, string, any, any, string, IQueueBackend, any>
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type BullWorker = Worker<any, any, string, IQueueBackend, any, any>
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type BullFlows = FlowProducer<IQueueBackend, any>

/** What of BullMQ 6 differs between Redis and Postgres: its connections, and what its own classes lack. */
export interface BullStore {
  /** What its keys begin with, in reports. */
  readonly prefix: string
  /** "Redis", "Postgres": the subject of a next step. */
  readonly server: string
  openQueue(name: string): BullQueue
  openWorker(name: string, processor: Processor, options: Omit<WorkerOptions, 'connection' | 'prefix'>): BullWorker
  openFlows(): BullFlows
  /** How many of a queue are worked on at once, over all workers: holds for a worker that is opened once this has resolved. */
  limitQueue(queue: string, concurrency: number): Promise<void>
  /** Refuses to pause or resume what another version of BullMQ has used. */
  checkVersion(queue: string): Promise<void>
  counts(queue: string): Promise<JobCounts>
  exists(queue: string, id: string): Promise<boolean>
  /** A dead letter as it was added, with its delay and priority, which BullMQ's own retry ignores; in one step. */
  replay(queue: string, id: string): Promise<'replayed' | 'missing' | 'not dead'>
  /** Notes that a job under way is to end, in whichever process it is. */
  requestCancel(queue: string, id: string): Promise<'requested' | 'not active' | 'missing' | 'ended'>
  /** The requests of a queue: by id, when the attempt began that was under way (ms). */
  cancels(queue: string): Promise<Record<string, number>>
  forgetCancels(queue: string, ids: readonly string[]): Promise<void>
  /** Data, a result or progress as its server can keep it, and back: any JSON is a payload. */
  pack(value: unknown): unknown
  unpack(value: unknown): unknown
  /** A text of an error likewise; what cannot be kept of it is replaced. */
  packText(text: string): string
  /** Of a key of a child as BullMQ has it: `orders:7`. */
  childName(key: string): string
  close(): Promise<void>
}
