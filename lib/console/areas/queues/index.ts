export { FoundJobs } from './acts/found-jobs-operation.ts'
export { retrying } from './acts/in-steps.ts'
export {
  holdUps,
  JobIds,
  type QueueTarget,
  queueFields,
  reading,
  sampleLine,
  targetOf,
} from './acts/target.ts'
export { payloadProblem } from './job-types.ts'
export type { WatchedQueue, WatchedServer } from './port.ts'
export { Queues } from './resource.ts'
export { queueTitle } from './title.ts'
export { shown } from './views/queue.ts'
export { WorkerItem } from './worker-item.ts'
