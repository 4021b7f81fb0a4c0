import { type ScheduleDeclaration, SchedulerError, type Timing } from './port.ts'
import type { Timings } from './timings.ts'

const MOST_MS = 31_536_000_000
const isCount = (value: unknown, least = 0) =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= MOST_MS

/** Throws SchedulerError `SCHEDULER_OPTIONS` for what is not valid. */
export function checkedSchedule(timings: Timings, declared: ScheduleDeclaration): ScheduleDeclaration {
  const { name, when, jitterMs, timeoutMs, catchUp, lateAfterMs, retakes } = declared
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(name))
    throw refused(`${JSON.stringify(name)} is not a name of schedules: 1 to 100 letters, digits, ., _ and -`)
  checkTiming(timings, name, when)
  const numbers = {
    jitterMs,
    timeoutMs,
    lateAfterMs,
    retakes,
    catchUp: typeof catchUp === 'object' ? catchUp.all : undefined,
  }
  for (const [option, value] of Object.entries(numbers))
    if (value !== undefined && !isCount(value, option === 'timeoutMs' ? 1 : 0))
      throw refused(`${option} of the schedule ${name} must be a whole number, not ${value}`)
  return declared
}

function checkTiming(timings: Timings, name: string, when: Timing): void {
  if ('cron' in when) timings.checkCron(when)
  else if ('everyMs' in when && !isCount(when.everyMs, 100))
    throw refused(`everyMs of the schedule ${name} must be a whole number of at least 100, not ${when.everyMs}`)
  else if ('at' in when && !Number.isSafeInteger(when.at))
    throw refused(`at of the schedule ${name} must be a time in ms since the epoch, not ${when.at}`)
}

function refused(message: string): SchedulerError {
  return new SchedulerError(message, { code: 'SCHEDULER_OPTIONS' })
}
