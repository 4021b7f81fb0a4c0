import { CronExpressionParser } from 'cron-parser'
import { messageOf } from '../../../core/errors.ts'
import { SchedulerError, type Timing } from '../port.ts'
import type { Timings } from '../timings.ts'
import { zoneOffset } from '../zone-offset.ts'

type Cron = Extract<Timing, { cron: string }>

function parsed({ cron, timeZone = 'UTC' }: Cron, after = 0) {
  try {
    // An unknown zone would be an error only when the next run is asked for.
    new Intl.DateTimeFormat('en', { timeZone })
    return CronExpressionParser.parse(cron, { currentDate: new Date(after), tz: timeZone })
  } catch (error) {
    throw new SchedulerError(`${JSON.stringify(cron)} in ${timeZone} is not a schedule: ${messageOf(error)}`, {
      code: 'SCHEDULER_OPTIONS',
      nextStep: 'Write five fields, minute hour day month weekday, and an IANA time zone.',
      cause: error,
    })
  }
}

function nextAfter(timing: Timing, after: number, anchor = 0): number | undefined {
  if ('at' in timing) return timing.at > after ? timing.at : undefined
  if ('everyMs' in timing) return anchor + (Math.floor((after - anchor) / timing.everyMs) + 1) * timing.everyMs
  try {
    const expression = parsed(timing, nearClockChange(timing, after) ? after - SETTLED : after)
    let next = expression.next().getTime()
    while (next <= after) next = expression.next().getTime()
    return next
  } catch (error) {
    if (error instanceof SchedulerError) throw error
    // 30 February: the library looks for it in vain.
    return undefined
  }
}

/** No change of the clocks is longer. */
const SETTLED = 3 * 3_600_000

/**
 * cron-parser finds a skipped time only from before the change of the clocks, and a repeated one again from between the two: it has to begin before
 * both, whenever it is asked. Expressions for every hour run by the time that passes.
 */
function nearClockChange({ cron, timeZone = 'UTC' }: Cron, after: number): boolean {
  if (timeZone === 'UTC' || cron.trim().split(/\s+/).at(-4)?.startsWith('*')) return false
  const offset = zoneOffset(timeZone)
  return offset(after - SETTLED) !== offset(after)
}

export const timings: Timings = {
  checkCron: timing => void parsed(timing),
  nextAfter,
  dueWithin(timing, from, until, { limit, anchor }) {
    const due: number[] = []
    let at = nextAfter(timing, from - 1, anchor)
    while (at !== undefined && at <= until && due.length < limit) {
      due.push(at)
      at = nextAfter(timing, at, anchor)
    }
    return due
  },
}
