/** A path through the values of a line, and one around the area below it, in a square of `SIZE` units that is stretched to the chart. */
export interface LinePath {
  line: string
  area: string
}

export const SIZE = 1_000

interface Place {
  /** Of the beginning of a step, from 0 to 1. */
  x: (index: number) => number
  /** Of a value above the bottom, from 0 to 1. */
  y: (value: number) => number
}

/**
 * One path for each stretch without a gap. A value is valid for its step: the line goes from the middle of one to the middle of the next,
 * and flat to the edges of its stretch, so that a lone value is seen.
 */
export function linePaths(values: readonly (number | null)[], { x, y }: Place): LinePath[] {
  const paths: LinePath[] = []
  let begin = 0
  while (begin < values.length) {
    if (values[begin] === null) {
      begin++
      continue
    }
    let end = begin
    while (end < values.length && values[end] !== null) end++
    const heights = values.slice(begin, end).map(value => round((1 - y(value as number)) * SIZE))
    const left = round(x(begin) * SIZE)
    const right = round(x(end) * SIZE)
    const middles = heights.map(
      (height, index) => `${round(((x(begin + index) + x(begin + index + 1)) / 2) * SIZE)} ${height}`,
    )
    const line = `M${[`${left} ${heights[0]}`, ...middles, `${right} ${heights.at(-1)}`].join('L')}`
    paths.push({ line, area: `${line}L${right} ${SIZE}L${left} ${SIZE}Z` })
    begin = end
  }
  return paths
}

/** The values above zero with the zeros beside them, from which the line rises; null elsewhere. */
export function aboveZero(values: readonly (number | null)[]): (number | null)[] {
  const isAbove = (index: number) => (values[index] ?? 0) > 0
  return values.map((value, index) => (isAbove(index) || isAbove(index - 1) || isAbove(index + 1) ? value : null))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
