import { z } from 'zod'
import { DAY, KEPT_MINUTES, MINUTE } from './steps.ts'

const HOUR = 60 * MINUTE

/** The length of each choice (ms). */
export const RANGES = {
  '15m': 15 * MINUTE,
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': KEPT_MINUTES,
} as const
export type Range = keyof typeof RANGES

const LEAST = MINUTE
const LATEST = Date.UTC(2100, 0)

/** A time in a URL: ISO 8601, or ms since the epoch as paging tools write it. */
const moment = z
  .string()
  .max(40)
  .default('')
  .transform((text, context) => {
    if (text === '') return
    const at = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text)
    if (at >= 0 && at < LATEST) return at
    context.addIssue({ code: 'custom', message: 'must be a date and time from 1970 to 2100' })
    return z.NEVER
  })

/** The filters of every view over a time span. `from` (and `to`, or until now) win over `range`. */
export const spanFilters = {
  range: z.enum(Object.keys(RANGES) as [Range, ...Range[]]).default('1h'),
  from: moment,
  to: moment,
}

export interface Span {
  from: number
  to: number
  /** The chosen range, when the span moves with time. */
  range?: Range
  /** What in the URL was not valid. */
  problem?: string
}

export function spanOf(asked: { range: Range; from?: number; to?: number }, now: number): Span {
  const { range, from, to = now } = asked
  const moving = { from: now - RANGES[range], to: now, range }
  if (from === undefined && asked.to === undefined) return moving
  if (from === undefined) return { from: Math.min(to, now) - RANGES[range], to: Math.min(to, now) }
  if (to - from < LEAST)
    return { ...moving, problem: 'from must be at least a minute before to; the last hours are shown' }
  if (from >= now) return { ...moving, problem: 'from must be in the past' }
  if (to - from > KEPT_MINUTES) return { from: to - KEPT_MINUTES, to, problem: 'at most thirty days are shown' }
  return { from, to }
}
