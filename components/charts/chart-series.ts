/** One line of a chart. */
export interface ChartLine {
  id: string
  label: string
  /** What the line shows, by its place in the palette: the same series has the same hue and dash on every page. Default 1. */
  hue?: SeriesHue
  /** Values above zero mean that something is wrong: those are drawn in the colour of what is bad, zero is not. */
  bad?: boolean
  /** Null where nothing was measured, which is drawn as a gap. Absent: it has never been measured. */
  values: readonly (number | null)[] | undefined
}

export type SeriesHue = 1 | 2 | 3 | 4 | 5 | 6

/** What a value is: it decides which ticks are round. Seconds and bytes are drawn in larger units where they are large. */
export type ChartUnit = 'number' | 'seconds' | 'bytes'

export type ScaleKind = 'linear' | 'log'

export interface ChartThreshold {
  value: number
  label: string
}

/** Something that happened: a deploy, a breaker that opened, an operation. */
export interface ChartEvent {
  id: string
  at: number
  tone: 'neutral' | 'accent' | 'warning' | 'bad' | 'good'
  /** A word for the line in a chart. */
  label: string
  /** The sentence. */
  text: string
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

/** Which value a moment belongs to; undefined outside of what was asked for. */
export function indexAt(at: number, count: number, time: ChartTime): number | undefined {
  const index = Math.floor((at - timeOf(0, count, time)) / time.step)
  return index >= 0 && index < count ? index : undefined
}

/** How many steps the lines have. */
export function stepsOf(lines: readonly ChartLine[]): number {
  return Math.max(0, ...lines.map(({ values }) => values?.length ?? 0))
}

/** The place of a moment between the ends of the axis, from 0 to 1. */
export function shareOf(at: number, { from, to }: Pick<ChartTime, 'from' | 'to'>): number {
  return (at - from) / Math.max(1, to - from)
}
