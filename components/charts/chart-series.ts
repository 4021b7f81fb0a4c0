/** One line of a chart. */
export interface ChartSeries {
  id: string
  label: string
  /** Its colour, 1 to 6. Give it where one name must not be mixed up with its neighbour; otherwise it follows from the id. */
  hue?: 1 | 2 | 3 | 4 | 5 | 6
}

export interface ChartPoint {
  /** ms since the epoch. */
  at: number
  /** By series id; null or absent where nothing was measured, which is drawn as a gap. */
  values: Readonly<Record<string, number | null>>
}

export interface ChartThreshold {
  value: number
  label: string
  tone?: 'warning' | 'bad'
}

/** Something that happened: a deploy, a transition, an act. */
export interface ChartAnnotation {
  at: number
  label: string
  tone?: 'neutral' | 'warning' | 'bad'
}

/** The same series has the same colour on every page, whatever stands beside it. */
export function colourOf(series: ChartSeries): string {
  return `var(--series-${series.hue ?? (hash(series.id) % 6) + 1})`
}

function hash(text: string) {
  let value = 2_166_136_261
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 16_777_619)
  return value >>> 0
}
