import type { ChartEvent, ChartLine, SeriesHue } from '@/components/charts/chart-series'

/** Hue and dash together distinguish two lines, so that either alone is enough: for the colour-blind, and in a grey print. */
const DASHES: Record<SeriesHue, string | undefined> = {
  1: undefined,
  2: '7 3',
  3: '2 2.5',
  4: '9 3 2 3',
  5: '4 4',
  6: '1.5 4',
}

/** The hues in the order in which lines of one chart take them. */
export const HUES: readonly SeriesHue[] = [1, 2, 3, 4, 5, 6]

/** Percentiles are drawn on several pages, always the same. */
export const PERCENTILE_HUES = { p50: 1, p95: 2, p99: 3 } as const satisfies Record<string, SeriesHue>

export interface LineStyle {
  stroke: string
  dash: string | undefined
}

/** Of a line that counts what is bad, this is its zero: quiet. What is above it is drawn over with `BAD_STROKE`. */
export function lineStyle({ hue = 1, bad }: Pick<ChartLine, 'hue' | 'bad'>): LineStyle {
  return bad ? { stroke: 'var(--line-strong)', dash: undefined } : { stroke: `var(--series-${hue})`, dash: DASHES[hue] }
}

export const BAD_STROKE = 'var(--bad)'

/** Whether a line that counts what is bad has anything to say. */
export function isBadNow({ bad, values }: ChartLine): boolean {
  return bad === true && (values ?? []).some(value => value !== null && value > 0)
}

export const EVENT_STROKES: Record<ChartEvent['tone'], string> = {
  neutral: 'var(--muted)',
  accent: 'var(--accent)',
  warning: 'var(--warning)',
  bad: 'var(--bad)',
  good: 'var(--good)',
}
