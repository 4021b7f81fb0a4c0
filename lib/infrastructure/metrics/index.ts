export { fromPromClient, type PromClientRegistry } from './adapters/prom-client-source.ts'
export { type MetricsConfig, metricsConfig } from './config.ts'
export { createMetrics } from './create.ts'
export { type HttpAnswer, type HttpRequests, httpRequests } from './http-requests.ts'
export {
  type Counter,
  type Distribution,
  DURATION_BUCKETS,
  type Gauge,
  type GaugeOptions,
  type HistogramOptions,
  type HistogramSeries,
  type LabelArgs,
  type Labels,
  type LabelValue,
  MetricExistsError,
  type MetricFamily,
  MetricInvalidError,
  type MetricOptions,
  type MetricSource,
  type Metrics,
  type SummaryOptions,
  type SummarySeries,
  type Timer,
  type ValueSeries,
} from './port.ts'
export { type MetricSampler, sampleMetrics } from './sampler.ts'
