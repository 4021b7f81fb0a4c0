import type { Part } from '../platform/part/part.ts'
import type { SeriesKey } from '../platform/samples.ts'

/**
 * How the figures of a series are combined, over processes, services and time. `gauge`: summed over processes, averaged over
 * time. `worst`: the largest. `rate`: of a counter, per second; summed, averaged. `spread`: of a histogram in the library's
 * fixed layout; its value is observations per second, its buckets are added up.
 */
export type SeriesKind = 'gauge' | 'worst' | 'rate' | 'spread'

/** Equally spaced values, oldest first; null where nothing was measured. Counters as a rate per second. */
export interface RecentSeries extends SeriesKey {
  /** ms between two values. */
  step: number
  /** End of the last step (ms). */
  until: number
  values: (number | null)[]
}

export interface KnownSeries {
  service: string
  series: string
  kind: SeriesKind
  /** When it was last measured (ms), accurate to ten minutes. */
  lastAt: number
}

/** Series that are combined and read as one: the status codes of a route, the processes of a version. */
export interface SeriesGroup {
  id: string
  members: readonly { service: string; series: string }[]
  /** Of members that are histograms. */
  percentiles?: readonly number[]
}

export interface GroupedSeries {
  id: string
  step: number
  until: number
  /** All members together, in each step. */
  values: (number | null)[]
  /** In the order of the group's percentiles. */
  percentiles: (number | null)[][]
  /** Over the whole span: the mean of what was measured, and the percentiles of all observations. Null: nothing was measured. */
  whole: { value: number | null; percentiles: (number | null)[] }
}

/** A version that appeared in a service; `previous` ran there before. */
export interface Deploy {
  service: string
  at: number
  version: string
  previous: string
  commit?: string
}

export interface SamplerState {
  /** Whether this console samples now; of several, one does. */
  leading: boolean
  /** The end of the newest ten seconds that are kept (ms), by any console; absent when none are. */
  newest?: number
  /** How many series are known. */
  series: number
  /** Series that were refused because there were too many, since this console leads. */
  refused: number
}

/** The figures kept of one environment: ten seconds each for 48 hours, a minute each for 30 days. */
export interface SeriesReader {
  /** The last `points` (30) steps of `step` ms (30,000) of each series that is known; rows draw them as sparklines. */
  recent(keys: readonly SeriesKey[], options?: { points?: number; step?: number }): Promise<Part<RecentSeries[]>>
  /** Between two times (ms), in about `points` (240) steps. Series that were never measured are left out. */
  range(keys: readonly SeriesKey[], span: { from: number; to: number; points?: number }): Promise<Part<RecentSeries[]>>
  /** As `range`, of groups; those of which no member is known are left out. */
  grouped(
    groups: readonly SeriesGroup[],
    span: { from: number; to: number; points?: number },
  ): Promise<Part<GroupedSeries[]>>
  /** Every series, or those of one service, by name; without those by which the console splits versions and processes. */
  list(service?: string): Promise<Part<KnownSeries[]>>
  /** The series of these names that were measured since (ms), of all services or one. */
  members(families: readonly string[], of: { since: number; service?: string }): Promise<Part<KnownSeries[]>>
  /** The services of the fleet that have figures. */
  services(): Promise<Part<string[]>>
  deploys(span: { from: number; to: number }): Promise<Part<Deploy[]>>
  state(): Promise<Part<SamplerState>>
}
