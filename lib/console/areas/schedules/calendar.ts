import type { Timings } from '../../../infrastructure/scheduler/index.ts'
import type { ScheduleRow } from './row.ts'
import { timingOf } from './timing.ts'

const HOUR = 3_600_000
const HOURS = 24
/** What runs more often than this is left out: it would collide with everything (ms). */
const FREQUENT = 15 * 60_000
const MINUTE = 60_000
const MOST_COLLISIONS = 20

export interface Calendar {
  /** From the current one to that in 24 hours. `collisions`: minutes in which several begin. */
  hours: { at: number; runs: number; collisions: number }[]
  collisions: { at: number; names: string[] }[]
  /** Schedules that run too often to be drawn. */
  frequent: number
}

/** What is due in the next 24 hours, and what begins in the same minute. Paused ones are left out. */
export function calendarOf(timings: Timings, rows: readonly ScheduleRow[], now: number): Calendar {
  const from = Math.floor(now / HOUR) * HOUR
  const runs: { at: number; name: string }[] = []
  let frequent = 0
  for (const row of rows) {
    if (row.paused || row.state === 'paused' || row.nextAt === undefined) continue
    const timing = timingOf(row)
    const due = timing ? dueOf(timings, timing, row.nextAt, now + HOURS * HOUR) : [row.nextAt]
    const [first = 0, second = Number.POSITIVE_INFINITY] = due
    if (second - first < FREQUENT) frequent++
    else runs.push(...due.filter(at => at >= from && at <= now + HOURS * HOUR).map(at => ({ at, name: row.name })))
  }
  const byMinute = Map.groupBy(runs, ({ at }) => Math.floor(at / MINUTE) * MINUTE)
  const collisions = [...byMinute]
    .filter(([, together]) => together.length > 1)
    .map(([at, together]) => ({ at, names: together.map(({ name }) => name).sort() }))
    .sort((a, b) => a.at - b.at)
  return {
    hours: Array.from({ length: HOURS + 1 }, (_, index) => {
      const at = from + index * HOUR
      const within = (time: number) => time >= at && time < at + HOUR
      return {
        at,
        runs: runs.filter(run => within(run.at)).length,
        collisions: collisions.filter(collision => within(collision.at)).length,
      }
    }),
    collisions: collisions.slice(0, MOST_COLLISIONS),
    frequent,
  }
}

function dueOf(timings: Timings, timing: Parameters<Timings['nextAfter']>[0], nextAt: number, until: number): number[] {
  try {
    const due = timings.dueWithin(timing, nextAt, until, { limit: 2, anchor: nextAt })
    const [first = 0, second = 0] = due
    if (due.length < 2 || second - first < FREQUENT) return due
    return timings.dueWithin(timing, nextAt, until, { limit: HOURS * 4, anchor: nextAt })
  } catch {
    // An expression of another library's dialect: what is known is its next run.
    return [nextAt]
  }
}
