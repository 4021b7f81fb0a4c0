/** Upper bounds in ms: each is twice the one before, from a tenth of a millisecond to about 100 seconds. */
const BOUNDS = Array.from({ length: 21 }, (_, power) => 0.1 * 2 ** power)

export interface DurationReport {
  count: number
  p50: number
  p95: number
}

/** How long something took, in a few buckets. */
export class Durations {
  readonly #counts = new Uint32Array(BOUNDS.length + 1)
  #total = 0
  #longest = 0

  add(ms: number): void {
    let bucket = 0
    while (bucket < BOUNDS.length && ms > (BOUNDS[bucket] as number)) bucket++
    ;(this.#counts[bucket] as number)++
    this.#total++
    if (ms > this.#longest) this.#longest = ms
  }

  /** ms; undefined when nothing was added. */
  report(): DurationReport | undefined {
    if (this.#total === 0) return undefined
    return { count: this.#total, p50: this.#percentile(0.5), p95: this.#percentile(0.95) }
  }

  /**
   * Even distribution within a bucket, as Prometheus' histogram_quantile does; above the last bound it is that bound.
   * https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
   */
  #percentile(share: number): number {
    const rank = share * this.#total
    let below = 0
    for (const [bucket, upper] of BOUNDS.entries()) {
      const count = this.#counts[bucket] as number
      if (count > 0 && below + count >= rank) {
        const lower = BOUNDS[bucket - 1] ?? 0
        // A bucket ends where none was: no percentile is above the longest.
        const within = Math.min(this.#longest, lower + (upper - lower) * ((rank - below) / count))
        return Math.round(within * 10) / 10
      }
      below += count
    }
    return Math.round(BOUNDS.at(-1) as number)
  }
}
