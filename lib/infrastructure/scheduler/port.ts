import { InfrastructureError } from '../../core/errors.ts'

/**
 * When a schedule is due. `cron` has five fields, or six with seconds first, read in `timeZone` (UTC when absent). A local time that a change of
 * the clocks skips runs as much later as the clocks go forward; one that comes twice runs once, the first time.
 * Every so many ms begins when it is first declared. `at` is ms since the epoch.
 */
export type Timing = { cron: string; timeZone?: string } | { everyMs: number } | { at: number }

/** Which of the runs that were due while no process could begin them run then: none, the newest, or the newest so many, one after the other. */
export type CatchUp = 'skip' | 'once' | { all: number }

export interface ScheduleOptions {
  /** Unique in its service: 1 to 100 letters, digits, `.`, `_` and `-`. */
  name: string
  when: Timing
  description?: string
  /** Begins at random within this time after it is due, so that many do not begin at once (ms). */
  jitterMs?: number
  /** The signal aborts after this time, and the run counts as timed out (ms). No limit when absent. */
  timeoutMs?: number
  /** `once` when absent. */
  catchUp?: CatchUp
  /** A run that begins later than this after it was due was missed (ms): 60,000 when absent. */
  lateAfterMs?: number
  /** When it is due while its last run goes on: it is skipped, or both run. `skip` when absent. */
  overlap?: 'skip' | 'allow'
  /** How often a run begins again whose process crashed: once when absent. 0 leaves it at `lost`. */
  retakes?: number
  owner?: string
  runbook?: string
}

export type RunTrigger = 'schedule' | 'catch-up' | 'manual'

/**
 * `missed`: no process began it in time. `skipped`: its last run was still going on, or it was paused. `lost`: its process crashed. `aborted`: its
 * process was stopped.
 */
export type RunOutcome = 'succeeded' | 'failed' | 'timed-out' | 'aborted' | 'lost' | 'skipped' | 'missed'

/** One run, or why there was none. Times are ms since the epoch. */
export interface ScheduleRun {
  id: string
  schedule: string
  dueAt: number
  trigger: RunTrigger
  /** 2 and more: an earlier process crashed in it. */
  attempt: number
  startedAt?: number
  endedAt?: number
  /** Absent while it goes on. */
  outcome?: RunOutcome
  /** The error, or why there was no run. */
  message?: string
  /** It went on after the next one was due. */
  overran?: boolean
  /** Who asked for it. */
  by?: string
  /** Host and pid of the process. */
  process?: string
}

export interface RunContext {
  readonly runId: string
  readonly schedule: string
  readonly dueAt: number
  readonly trigger: RunTrigger
  readonly attempt: number
  /** Aborts at its timeout, and when the scheduler is closed. */
  readonly signal: AbortSignal
}

/** What it resolves with is not kept; what it rejects with is the error of the run. */
export type ScheduleHandler = (run: RunContext) => Promise<unknown> | unknown

export interface ScheduleDeclaration extends ScheduleOptions {
  handler: ScheduleHandler
}

/** Yields declarations when the scheduler starts, such as one for each tenant. */
export type ScheduleProvider = () => Iterable<ScheduleDeclaration> | AsyncIterable<ScheduleDeclaration>

export interface SchedulePause {
  since: number
  /** Absent: until someone resumes it. */
  until?: number
  by?: string
  reason?: string
}

/** It is due by another timing than the one declared, until it is restored, or code declares another one. */
export interface ScheduleChange {
  since: number
  declared: Timing
  by?: string
  reason?: string
}

export interface ScheduleReport extends Omit<ScheduleOptions, 'when'> {
  service?: string
  cron?: string
  timeZone?: string
  everyMs?: number
  at?: number
  /** Its state is shared by all processes of the service; otherwise it runs in each process for itself. */
  shared: boolean
  /** The library it was adopted from: it is shown, and not operated. */
  adopted?: string
  /** `prefix:queue` of the job schedulers of BullMQ behind it. */
  queue?: string
  nextAt?: number
  /** When this process noticed that next run and pause are so: of several processes the last one is right. */
  asOf?: number
  /** Of an adopted one whose runs are not known: when the last began. */
  lastAt?: number
  paused?: SchedulePause
  changed?: ScheduleChange
  /** The newest first, those of other processes as of the start. */
  runs: ScheduleRun[]
}

/** The schedules of one process, in step with the other processes of its service. Rejects with SchedulerError. */
export interface Scheduler {
  /** Declares one. Before `start`, or at once after it. `SCHEDULER_OPTIONS` for what is not valid or declared twice. */
  schedule(options: ScheduleOptions, handler: ScheduleHandler): Promise<void>
  /** Asked when the scheduler starts. */
  provide(provider: ScheduleProvider): void
  /** Begins to run what is due, and what was missed by its policy. */
  start(): Promise<void>
  /** Removes one for all processes. Whether there was one. */
  unschedule(name: string): Promise<boolean>
  /** Runs it now, in one of the processes, also while it is paused. Resolves with the id of the run. */
  runNow(name: string, options?: { by?: string }): Promise<string>
  /** For all processes: what is due in the meantime is noted as skipped. */
  pause(name: string, options?: { until?: number; by?: string; reason?: string }): Promise<void>
  resume(name: string): Promise<void>
  /** Another timing than the declared one, for all processes. What was due by the old one is not caught up. */
  change(name: string, when: Timing, options?: { by?: string; reason?: string }): Promise<void>
  /** The declared timing again. */
  restore(name: string): Promise<void>
  /** The newest first, of all processes where runs are kept in Postgres. 50 when `limit` is absent. */
  runs(name: string, options?: { limit?: number }): Promise<ScheduleRun[]>
  /** Removes runs that were due longer ago than this (ms), at most `limit` (10,000). */
  removeRuns(olderThanMs: number, options?: { limit?: number }): Promise<number>
  /** Next run and pause as of the last reading, at most 10 seconds ago. */
  reports(): ScheduleReport[]
  readonly revision: number
  /** Takes no more; waits `timeoutMs` (10,000) for runs, then aborts them. */
  close(options?: { timeoutMs?: number }): Promise<void>
}

/** `UNKNOWN` no such schedule; `OPTIONS` not valid; `UNREACHABLE` Redis or Postgres does not answer; `REFUSED` by it; `CLOSED`. */
export type SchedulerErrorCode = `SCHEDULER_${'UNKNOWN' | 'OPTIONS' | 'UNREACHABLE' | 'REFUSED' | 'CLOSED'}`

export class SchedulerError extends InfrastructureError {
  override readonly code: SchedulerErrorCode
  constructor(
    message: string,
    options: { code: SchedulerErrorCode; retryable?: boolean; nextStep?: string; cause?: unknown },
  ) {
    super(message, options)
    this.code = options.code
  }
}
