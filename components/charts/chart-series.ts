/** One line of a chart. */
export interface ChartLine {
  id: string
  label: string
  /** What it tells: `accent` unless it is about what is wrong. The same series has the same tone on every page. */
  tone?: 'accent' | 'bad'
  /** Lines of one family (percentiles, parts of a whole) share a hue and differ in strength; the one that matters is strong. */
  strength?: 'strong' | 'middle' | 'faint'
  /** Null where nothing was measured, which is drawn as a gap. Absent: nobody has ever measured it. */
  values: readonly (number | null)[] | undefined
}

export interface ChartThreshold {
  value: number
  label: string
}

/** Something that happened: a deploy, a transition, an act. */
export interface ChartMark {
  id: string
  at: number
  tone: 'neutral' | 'accent' | 'warning' | 'bad' | 'good'
}

/** Steps of one length that all lines of a chart share, and the stretch of time that is shown (ms). */
export interface ChartTime {
  from: number
  to: number
  step: number
  /** End of the last step. */
  until: number
}

/** When the step of a value began. */
export function timeOf(index: number, count: number, { step, until }: ChartTime): number {
  return until - (count - index) * step
}

export function strokeOf({ tone = 'accent' }: ChartLine): string {
  return tone === 'bad' ? 'var(--bad)' : 'var(--series-1)'
}

export function opacityOf({ strength = 'strong' }: ChartLine): number {
  return { strong: 1, middle: 0.65, faint: 0.45 }[strength]
}

export const markStrokes: Record<ChartMark['tone'], string> = {
  neutral: 'var(--line-strong)',
  accent: 'var(--accent)',
  warning: 'var(--warning)',
  bad: 'var(--bad)',
  good: 'var(--good)',
}
