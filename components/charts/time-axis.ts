import { formatClock } from '@/lib/core/time-format'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' })

/** Steps that fall on round times of a clock (ms). */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map(seconds => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map(minutes => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map(hours => hours * HOUR),
  ...[1, 2, 7, 14].map(days => days * DAY),
]

export interface TimeTick {
  at: number
  label: string
}

/** Round times of the reader's own clock within the stretch, at most `most` of them. */
export function timeTicks({ from, to }: { from: number; to: number }, most = 5): TimeTick[] {
  // Labels with seconds take more room.
  const fits = (step: number) => (to - from) / step <= (step < MINUTE ? most * 0.8 : most)
  const step = STEPS.find(fits) ?? (STEPS.at(-1) as number)
  return roundTimes(from, to, step).map(at => ({ at, label: labelOf(at, step, to - from) }))
}

/** Multiples of the step by the clock of each day, so that a change of summer time moves no tick off the hour. */
function roundTimes(from: number, to: number, step: number): number[] {
  const first = new Date(from)
  const [year, month, date] = [first.getFullYear(), first.getMonth(), first.getDate()]
  const everyDays = Math.max(1, step / DAY)
  // Days are counted from a fixed one: a tick stays where it is while the range moves on.
  const skipped = everyDays > 1 ? dayNumber(first) % everyDays : 0
  const times = new Set<number>()
  for (let days = -skipped; new Date(year, month, date + days).getTime() <= to; days += everyDays)
    for (let within = 0; within < DAY; within += step) {
      const at = new Date(year, month, date + days, 0, 0, 0, within).getTime()
      if (at >= from && at <= to) times.add(at)
    }
  return [...times]
}

function dayNumber(date: Date): number {
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY)
}

/** `04:02:10` where seconds count, `04:02` within a day, `Mar 4` at midnight and beyond: what distinguishes two ticks. */
function labelOf(at: number, step: number, length: number): string {
  const clock = formatClock(at)
  if (step >= DAY) return day.format(at)
  if (step < MINUTE) return clock
  return length > 12 * HOUR && clock.startsWith('00:00') ? day.format(at) : clock.slice(0, 5)
}
