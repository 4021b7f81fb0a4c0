import { InfrastructureError } from '../../core/errors.ts'

export type LabelValue = string | number | boolean
export type Labels<L extends string> = Readonly<Record<L, LabelValue>>
/** The labels argument: required for a metric with labels, absent for one without. */
export type LabelArgs<L extends string> = [L] extends [never] ? [] : [labels: Labels<L>]

export interface MetricOptions<L extends string> {
  /** In Prometheus style, with its unit: `orders_total`, `job_duration_seconds`. */
  name: string
  /** One sentence for people. */
  help: string
  labels?: readonly L[]
  /** The most label sets stored; what exceeds them is counted in `substation_metrics_dropped_total` instead. */
  maxSeries?: number
}
export interface GaugeOptions<L extends string> extends MetricOptions<L> {
  /** Called before each reading to set the gauge. When it throws, the gauge is absent instead of outdated. */
  read?: (gauge: Gauge<L>) => void
}
export interface HistogramOptions<L extends string> extends MetricOptions<L> {
  /** Upper bounds, ascending. Only histograms with the default layout are merged across the fleet. */
  buckets?: readonly number[]
}
export interface SummaryOptions<L extends string> extends MetricOptions<L> {
  /** From 0 to 1; default 0.5, 0.9, 0.99. */
  quantiles?: readonly number[]
}

/** Only grows. A call never throws: a negative, infinite or NaN amount is dropped, and counted as dropped. */
export interface Counter<L extends string = never> {
  inc(amount: number, ...labels: LabelArgs<L>): void
}
/** Goes up and down. A call never throws: an infinite or NaN value is dropped, and counted as dropped. */
export interface Gauge<L extends string = never> {
  set(value: number, ...labels: LabelArgs<L>): void
  add(amount: number, ...labels: LabelArgs<L>): void
  /** Removes one label set, e.g. of a queue that no longer exists; makes room under the cap. */
  remove(...labels: LabelArgs<L>): void
}
/** A distribution: as buckets (histogram: can be merged) or as quantiles of this process alone (summary). */
export interface Distribution<L extends string = never> {
  observe(value: number, ...labels: LabelArgs<L>): void
}
/** A histogram of durations in seconds. */
export interface Timer<L extends string = never> {
  /** Starts now; the returned function stops, records and returns the seconds. Only its first call records. */
  start(): (...labels: LabelArgs<L>) => number
  /** Times a call, whether it resolves or rejects, and passes its result or error on. */
  time<T>(call: () => T | Promise<T>, ...labels: LabelArgs<L>): Promise<T>
}

export interface ValueSeries {
  labels: Record<string, string>
  value: number
}
export interface HistogramSeries {
  labels: Record<string, string>
  count: number
  sum: number
  /** Finite upper bounds with the observations at or below each (cumulative); `count` includes those above all. */
  buckets: [bound: number, count: number][]
}
export interface SummarySeries {
  labels: Record<string, string>
  count: number
  sum: number
  quantiles: [quantile: number, value: number][]
}
/** One metric as plain data, counters cumulative since the process started. */
export type MetricFamily = { name: string; help: string } & (
  | { kind: 'counter'; series: ValueSeries[] }
  | { kind: 'gauge'; series: ValueSeries[] }
  | { kind: 'histogram'; series: HistogramSeries[] }
  | { kind: 'summary'; series: SummarySeries[] }
)

/** Anything that can be read as metrics: this port, or another library's registry through `fromPromClient`. */
export interface MetricSource {
  collect(): Promise<MetricFamily[]>
}

/**
 * The process's metrics. Declaring a name again with the same kind and labels returns the same metric; with others it
 * throws MetricExistsError. A name or label that Prometheus would refuse throws MetricInvalidError.
 */
export interface Metrics extends MetricSource {
  counter<const L extends string = never>(options: MetricOptions<L>): Counter<L>
  gauge<const L extends string = never>(options: GaugeOptions<L>): Gauge<L>
  histogram<const L extends string = never>(options: HistogramOptions<L>): Distribution<L>
  summary<const L extends string = never>(options: SummaryOptions<L>): Distribution<L>
  timer<const L extends string = never>(options: HistogramOptions<L>): Timer<L>
  /** Adds another registry's metrics; where a name is in both, ours is used. Returns a function that removes them. */
  adopt(source: MetricSource): () => void
  /** All metrics as data. A source that fails is left out and counted in `substation_metrics_unreadable_total`. */
  collect(): Promise<MetricFamily[]>
  /** All metrics in Prometheus' format. */
  expose(): Promise<{ contentType: string; text: string }>
}

/** 0.5 ms to 65.5 s in seconds, each twice the one before: the only layout that the fleet merges. */
export const DURATION_BUCKETS: readonly number[] = Array.from({ length: 18 }, (_, i) => 0.0005 * 2 ** i)

/** The name is taken by a metric of another kind or with other labels. */
export class MetricExistsError extends InfrastructureError {
  override readonly code = 'METRIC_EXISTS'
}
/** A name, label, bucket or quantile that cannot be exposed. */
export class MetricInvalidError extends InfrastructureError {
  override readonly code = 'METRIC_INVALID'
}
