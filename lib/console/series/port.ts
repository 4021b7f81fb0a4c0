import type { Part } from '../part.ts'

/**
 * One figure at one moment. `service` is whom it is of: a service of the fleet, or `redis:NAME` / `postgres:NAME` for a watched
 * server. `series` is its name with labels in Prometheus' notation, labels sorted: `queue_waiting{queue="bull:mail"}`.
 */
export interface SamplePoint {
  service: string
  series: string
  value: number
}

/** Something the sampler asks every ten seconds, looked at or not. What cannot be told is left out, never zero. */
export interface SampleSource {
  readonly name: string
  sample(signal: AbortSignal): Promise<SamplePoint[]>
}

export interface SeriesKey {
  service: string
  series: string
}

/** Equally spaced values, oldest first; null where nothing was measured. */
export interface RecentSeries extends SeriesKey {
  /** ms between two values. */
  step: number
  /** End of the last step (ms). */
  until: number
  values: (number | null)[]
}

/** The figures kept of one environment. */
export interface SeriesReader {
  /** The last `points` steps of each series that is known; rows draw them as sparklines. */
  recent(keys: readonly SeriesKey[], options?: { points?: number; step?: number }): Promise<Part<RecentSeries[]>>
}
