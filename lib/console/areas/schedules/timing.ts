import cronstrue from 'cronstrue'
import type { Timing } from '../../../infrastructure/scheduler/index.ts'

/** A timing as readings have it: of a repeatable job of an old BullMQ it may be missing. */
export interface TimingFields {
  cron?: string
  timeZone?: string
  everyMs?: number
  at?: number
}

export function timingOf({ cron, timeZone, everyMs, at }: TimingFields): Timing | undefined {
  if (cron !== undefined) return { cron, ...(timeZone === undefined ? {} : { timeZone }) }
  if (everyMs !== undefined) return { everyMs }
  return at === undefined ? undefined : { at }
}

const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
] as const

/** `At 02:30`, `Every 5 minutes`, `Once`: undefined where it is not known, or is no expression that can be put in words. */
export function timingWords({ cron, everyMs, at }: TimingFields): string | undefined {
  if (cron !== undefined) {
    try {
      return cronstrue.toString(cron, { use24HourTimeFormat: true })
    } catch {
      return undefined
    }
  }
  if (everyMs !== undefined) {
    const [size, unit] = UNITS.find(([ms]) => everyMs % ms === 0) ?? [1, 'ms']
    const count = everyMs / size
    return unit === 'ms' ? `Every ${count} ms` : count === 1 ? `Every ${unit}` : `Every ${count} ${unit}s`
  }
  return at === undefined ? undefined : 'Once'
}
