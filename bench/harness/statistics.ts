export interface Spread {
  median: number
  min: number
  max: number
}

/** Of the runs of one contender. Throws without runs: a figure that was not measured must not be a number. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('There is nothing to take a median of')
  return { median: percentile(values, 50), min: Math.min(...values), max: Math.max(...values) }
}

/** Nearest rank; the median of an even number of values is the mean of the middle two. `p` from 0 to 100. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  if (p === 50 && Number.isInteger(middle)) return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
  const rank = Math.max(1, Math.ceil((p / 100) * sorted.length))
  return sorted[rank - 1] as number
}

/** Rounds to four significant digits: enough to compare, and no more than were measured. Counts stay exact. */
export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4))
}

/** The same, through plain data of any depth. */
export function roundedAll(value: unknown): unknown {
  if (typeof value === 'number') return rounded(value)
  if (Array.isArray(value)) return value.map(roundedAll)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, roundedAll(inner)]))
}

/** The spread over runs of every figure measured beside the main one. */
export function spreadsOf(runs: readonly { extra?: Record<string, number> }[]): Record<string, Spread> {
  const names = [...new Set(runs.flatMap(run => Object.keys(run.extra ?? {})))]
  return Object.fromEntries(
    names.map(name => [
      name,
      spreadOf(runs.flatMap(run => (run.extra?.[name] === undefined ? [] : [run.extra[name]]))),
    ]),
  )
}
