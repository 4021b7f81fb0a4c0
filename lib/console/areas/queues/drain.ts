/** How long until nothing waits, at the present rate. Rates are jobs per second, measured over `overMs`. */
export type Drain =
  | { state: 'empty' }
  | { state: 'drains'; ms: number; perSecond: number; overMs: number }
  /** More comes than goes. */
  | { state: 'grows'; perSecond: number; overMs: number }
  | { state: 'steady'; overMs: number }
  | { state: 'unknown'; reason: string }

/** Below this span a slope is chance (ms). */
const SHORTEST = 60_000
/** After a peak this long is enough (ms): what came before it says nothing of how it goes now. */
const SINCE_PEAK = 30_000
/** A slope flatter than one job in this time is none (ms). */
const STILL = 600_000

/**
 * The slope of the number of waiting jobs, by least squares: what is finished less what is added, jobs that come back from a delay or a retry
 * included. `values` are `step` ms apart; null: not measured.
 */
export function drainOf(waiting: number | undefined, values: readonly (number | null)[], step: number): Drain {
  if (waiting === 0) return { state: 'empty' }
  if (waiting === undefined) return { state: 'unknown', reason: 'How many wait is not known.' }
  const points = sincePeak(values.flatMap((value, at) => (value === null ? [] : [{ at: at * step, value }])))
  const [first, last] = [points[0], points.at(-1)]
  const overMs = first && last ? last.at - first.at : 0
  if (overMs < SHORTEST && !(first && last && overMs >= SINCE_PEAK && last.value < first.value))
    return { state: 'unknown', reason: 'It has not been measured for a minute yet, or its figures are not kept.' }
  const mean = (of: (point: { at: number; value: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [meanAt, meanValue] = [mean(({ at }) => at), mean(({ value }) => value)]
  const slope =
    mean(({ at, value }) => (at - meanAt) * (value - meanValue)) / mean(({ at }) => (at - meanAt) * (at - meanAt))
  if (Math.abs(slope) < 1 / STILL) return { state: 'steady', overMs }
  const perSecond = Math.abs(slope) * 1_000
  return slope > 0
    ? { state: 'grows', perSecond, overMs }
    : { state: 'drains', ms: waiting / Math.abs(slope), perSecond, overMs }
}

interface Point {
  at: number
  value: number
}

/** A batch that came at once is on its way down from its peak, whatever the slope of the whole time is. */
function sincePeak(points: readonly Point[]): readonly Point[] {
  const peak = points.findLastIndex(({ value }) => value === Math.max(...points.map(point => point.value)))
  const [from, last] = [points[peak], points.at(-1)]
  return from && last && last.at - from.at >= SINCE_PEAK && last.value < from.value ? points.slice(peak) : points
}
