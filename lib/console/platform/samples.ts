/**
 * One figure at one moment. `service` is what it belongs to: a service of the fleet, or `redis:NAME` / `postgres:NAME` for a watched
 * server. `series` is its name with labels in Prometheus' notation, labels sorted: `queue_waiting{queue="bull:mail"}`.
 */
export interface SamplePoint {
  service: string
  series: string
  value: number
  /**
   * Default `gauge`. Of a `counter` give its count so far: it is kept as a rate, and a smaller value means a restart. Of a `spread` give what was
   * observed since the last sample: the value per second, and how many in each bucket.
   */
  kind?: 'gauge' | 'worst' | 'counter' | 'spread'
  spread?: readonly number[]
}

/** Something that is asked for its figures every ten seconds, whether anyone is looking or not. What is not known is left out, never zero. */
export interface SampleSource {
  readonly name: string
  sample(signal: AbortSignal): Promise<SamplePoint[]>
}

/** Names one series, or many together. */
export interface SeriesKey {
  /** `*`: every service that has it, together. */
  service: string
  /** `http_requests_total{*}`: every label set of that name, together. */
  series: string
  /** For a histogram, between 0 and 1: that percentile (in seconds, of merged buckets) instead of observations per second. */
  percentile?: number
}
