import type { ChartLine } from '@/components/charts/chart-series'

/** So many times the median is unusual. */
const UNUSUAL = 5
/** Unusual for so many steps in a row at most is a spike: what lasts longer is no outlier but what happens. */
const LONGEST = 2
/** A line with a larger share of spikes is spiky, and is drawn as it is. */
const MOST_SPIKES = 0.1
/** Only what leaves less than this share of the height to the rest is cut: a scale that is a little large hides nothing. */
const LEAST_HEIGHT = 0.5
/** Of fewer values it cannot be said which is the odd one. */
const LEAST_VALUES = 6
/** Space between the rest and the edge where the outliers are marked. */
const ROOM = 1.15

/**
 * The top of a scale that a few outliers do not spoil. Each line is judged on its own: a 99th percentile that is always high is no
 * outlier of the median. What is mostly zero (errors) is not cut: there the burst is what matters.
 */
export function robustTop(lines: readonly Pick<ChartLine, 'values'>[]): { top: number; cut: boolean } {
  const rest = Math.max(0, ...lines.map(({ values = [] }) => topWithoutSpikes(values)))
  const most = Math.max(0, ...lines.flatMap(({ values = [] }) => values.map(value => value ?? 0)))
  return rest < most * LEAST_HEIGHT ? { top: rest * ROOM, cut: true } : { top: most, cut: false }
}

/** The largest value that is not of a spike. */
function topWithoutSpikes(values: readonly (number | null)[]): number {
  const sorted = values.filter(value => value !== null).sort((a, b) => a - b)
  const most = sorted.at(-1) ?? 0
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  if (sorted.length < LEAST_VALUES || median === 0) return most
  const isUnusual = (index: number) => (values[index] ?? 0) > median * UNUSUAL
  let top = 0
  let spikes = 0
  for (let begin = 0; begin < values.length; ) {
    let end = begin
    while (end < values.length && isUnusual(end)) end++
    if (end > begin && end - begin <= LONGEST) spikes += end - begin
    else top = Math.max(top, ...values.slice(begin, Math.max(end, begin + 1)).map(value => value ?? 0))
    begin = Math.max(end, begin + 1)
  }
  return spikes > Math.max(1, sorted.length * MOST_SPIKES) ? most : top
}

/** Values above the scale, in one step of it. */
export interface Outlier {
  index: number
  /** The largest of them. */
  value: number
  lines: { label: string; value: number }[]
}

export function outliersOf(lines: readonly ChartLine[], top: number): Outlier[] {
  const found = new Map<number, Outlier>()
  for (const { label, values = [] } of lines)
    values.forEach((value, index) => {
      if (value === null || value <= top) return
      const known = found.get(index) ?? { index, value, lines: [] }
      found.set(index, {
        index,
        value: Math.max(known.value, value),
        lines: [...known.lines, { label, value }],
      })
    })
  return [...found.values()].sort((a, b) => a.index - b.index)
}
