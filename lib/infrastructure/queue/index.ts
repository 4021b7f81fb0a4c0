export { type QueueConfig, queueConfig } from './config.ts'
export { createQueues } from './create.ts'
export {
  type DeadLetter,
  type Job,
  type JobCounts,
  type JobHandler,
  type JobOptions,
  type JobState,
  type NewJob,
  PermanentJobError,
  type Queue,
  QueueError,
  type QueueErrorCode,
  type Queues,
  type Worker,
  type WorkerOptions,
  type WorkerReport,
} from './port.ts'
