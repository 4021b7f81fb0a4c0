import type { JobHandler, Queue, Queues, Worker, WorkerOptions } from './port.ts'
import type { QueueDependencies } from './registry.ts'

/** One queue that nothing else uses, for a test of the contract. */
export interface Setting {
  queue(): Queue
  queues(): Queues
  /** Other queues with nothing of these, closed after the test. */
  open(dependencies: QueueDependencies): Promise<Queues>
  /** A worker of the queue. */
  work<T>(handler: JobHandler<T>, options?: WorkerOptions): Promise<Worker>
  /** Waits until its counts are as expected. */
  settled(expected: object): Promise<unknown>
}
