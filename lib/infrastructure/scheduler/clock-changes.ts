import type { Timing } from './port.ts'
import type { Timings } from './timings.ts'
import { zoneOffset } from './zone-offset.ts'

/** A local time of a schedule that a change of the clocks skips or repeats. */
export interface ClockChange {
  /** When the clocks change (ms since the epoch). */
  at: number
  /** `2026-03-29 02:30` */
  localTime: string
  kind: 'skipped' | 'repeated'
  /** When it runs (ms since the epoch), in order; for an expression with intervals, such as every 30 minutes, both of a repeated time. */
  runsAt: number[]
}

const HOUR = 3_600_000
const MOST = 20

/** What changes of the clocks within a span do to a schedule: daylight saving, and new rules of a country. */
export function clockChanges({ dueWithin }: Timings, timing: Timing, from: number, until: number): ClockChange[] {
  if (!('cron' in timing)) return []
  const { cron, timeZone = 'UTC' } = timing
  const offset = zoneOffset(timeZone)
  const changes: ClockChange[] = []
  for (let at = from; at < until; at += HOUR) {
    const before = offset(at)
    if (before === offset(at + HOUR)) continue
    const change = boundary(at, at + HOUR, offset)
    const after = offset(change)
    const [first, last] = [change + Math.min(before, after), change + Math.max(before, after) - 1]
    // In UTC every local time exists once.
    for (const local of dueWithin({ cron }, first, last, { limit: MOST }))
      changes.push({
        at: change,
        localTime: new Date(local).toISOString().slice(0, 16).replace('T', ' '),
        ...(after > before
          ? { kind: 'skipped', runsAt: dueWithin(timing, local - before, local - before + HOUR, { limit: 1 }) }
          : {
              kind: 'repeated',
              runsAt: [local - before, local - after].flatMap(real => dueWithin(timing, real, real, { limit: 1 })),
            }),
      })
  }
  return changes
}

/** The first minute with the offset of the end. */
function boundary(from: number, until: number, offset: (at: number) => number): number {
  let [low, high] = [from, until]
  while (high - low > 60_000) {
    const middle = low + Math.floor((high - low) / 120_000) * 60_000
    if (middle === low) break
    if (offset(middle) === offset(until)) high = middle
    else low = middle
  }
  return high - (high % 60_000)
}
