export { type AdoptedSchedules, adoptSchedules } from './adopt.ts'
export { type ClockChange, clockChanges } from './clock-changes.ts'
export { type SchedulerConfig, schedulerConfig } from './config.ts'
export { createScheduler, loadTimings, type SchedulerDependencies, type SchedulerOptions } from './create.ts'
export { schedulerMigrations } from './migrations.ts'
export {
  type CatchUp,
  type RunContext,
  type RunOutcome,
  type RunTrigger,
  type ScheduleChange,
  type ScheduleDeclaration,
  type ScheduleHandler,
  type ScheduleOptions,
  type SchedulePause,
  type ScheduleProvider,
  type ScheduleReport,
  type ScheduleRun,
  type Scheduler,
  SchedulerError,
  type SchedulerErrorCode,
  type Timing,
} from './port.ts'
export type { Timings } from './timings.ts'
