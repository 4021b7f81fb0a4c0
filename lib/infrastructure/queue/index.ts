// It uses the connection that is passed in and loads no SDK.
export { splitKey as splitQueueKey } from './adapters/bullmq-server/keys.ts'
export { bullmqServer as openQueueServer } from './adapters/bullmq-server/server.ts'
export { type QueueConfig, queueConfig } from './config.ts'
export { createQueues, migrateQueues } from './create.ts'
export type {
  DeadLetterPlace,
  DeadLetterRecord,
  DeadLetterServer,
  DeadLetterSet,
  EditedData,
  FinishedJobs,
  KeptDeadLetter,
  ReplayOutcome,
} from './dead-letters-port.ts'
export type { DeduplicationKey, DeduplicationKeys, HeldBackAdditions } from './deduplication-port.ts'
export { type Failure, failureOf } from './failure.ts'
export type { FinishedTimes, JobEvent, JobEvents } from './history-port.ts'
export type {
  Comparison,
  Condition,
  JobCondition,
  JobNumberField,
  JobTest,
  JobTextField,
} from './job-condition.ts'
export { defineJob, type JobType } from './job-type.ts'
export {
  type AddedFlow,
  type AddedJob,
  type Batch,
  CancelledError,
  type DeadLetter,
  type DeadLetterCopy,
  type Deduplication,
  type FlowJob,
  type FoundJob,
  type Job,
  type JobCounts,
  JobDeadlineError,
  type JobHandler,
  type JobOptions,
  type JobState,
  JobTimeoutError,
  type NewJob,
  PermanentJobError,
  type Queue,
  QueueError,
  type QueueErrorCode,
  type Queues,
  type TraceContext,
  type Worker,
  type WorkerOptions,
  type WorkerReport,
} from './port.ts'
export type { Clearance, ClearedState, HandmadeJob, QueueLimits } from './server-edits.ts'
export type {
  ActAddress,
  ChildJob,
  Content,
  DeadChildren,
  Family,
  FamilyMember,
  FoundQueues,
  JobAct,
  JobDetail,
  JobFilter,
  JobLine,
  JobPage,
  JobQuery,
  JobStep,
  JobSummary,
  JobsCount,
  QueueActivity,
  QueueAddress,
  QueueMajor,
  QueueReading,
  QueueServer,
  QueueWriter,
  RemoveStep,
  SchedulerReading,
  WorkerClient,
  WorkerSighting,
} from './server-port.ts'
