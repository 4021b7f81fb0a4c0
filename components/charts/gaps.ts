import { type ChartLine, type ChartTime, stepsOf, timeOf } from '@/components/charts/chart-series'

/** A stretch of time without a sample of any line (ms). */
export interface Gap {
  from: number
  to: number
}

/** Where none of these lines has a value. A line that was never measured makes no gap in the others. */
export function gapsOf(lines: readonly ChartLine[], time: ChartTime): Gap[] {
  const count = stepsOf(lines)
  const gaps: Gap[] = []
  for (let index = 0; index < count; index++) {
    if (lines.some(({ values }) => (values?.[index] ?? null) !== null)) continue
    const from = timeOf(index, count, time)
    const last = gaps.at(-1)
    if (last?.to === from) last.to = from + time.step
    else gaps.push({ from, to: from + time.step })
  }
  return gaps
    .map(({ from, to }) => ({ from: Math.max(from, time.from), to: Math.min(to, time.to) }))
    .filter(({ from, to }) => to > from)
}

/** With more of the range empty than this before the first sample, the axis begins where data does. */
const MOSTLY = 0.5
/** What is seen of the emptiness before it, of the stretch that has data. */
const MARGIN = 0.04

/**
 * The same time, begun shortly before the first sample where most of it lies before that; `begins` is then when that was (ms). An hour
 * in which only the last four minutes were measured would otherwise be a smear at the right edge.
 */
export function beginWithData(lines: readonly ChartLine[], time: ChartTime): { time: ChartTime; begins?: number } {
  const [first] = gapsOf(lines, time)
  const length = time.to - time.from
  if (!first || first.from > time.from + time.step || first.to >= time.until) return { time }
  if (first.to - time.from <= length * MOSTLY) return { time }
  const from = Math.max(time.from, first.to - Math.max(time.step, (time.to - first.to) * MARGIN))
  return { time: { ...time, from }, begins: first.to }
}
