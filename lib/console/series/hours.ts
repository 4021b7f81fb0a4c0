import { z } from 'zod'

const HOUR = 3_600_000

/** How far back a chart reaches: a filter of every view with one. */
export const Hours = z.coerce
  .number()
  .pipe(z.union([z.literal(1), z.literal(6), z.literal(24), z.literal(48)]))
  .default(1)

/** The last hours (ms). */
export function lastHours(hours: number): { from: number; to: number } {
  const to = Date.now()
  return { from: to - hours * HOUR, to }
}
