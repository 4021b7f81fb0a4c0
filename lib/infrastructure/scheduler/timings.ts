import type { Timing } from './port.ts'

/** When schedules are due. */
export interface Timings {
  /** Throws SchedulerError `SCHEDULER_OPTIONS` for what is no cron expression or no time zone. */
  checkCron(timing: Extract<Timing, { cron: string }>): void
  /** Strictly after a time. Undefined: never again. `anchor` is any time at which one of every so many ms is due. */
  nextAfter(timing: Timing, after: number, anchor?: number): number | undefined
  /** Within a span, both ends included, at most `limit`, the oldest first. */
  dueWithin(timing: Timing, from: number, until: number, options: { limit: number; anchor?: number }): number[]
}
