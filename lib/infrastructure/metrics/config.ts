import { z } from 'zod'
import { defineSlice, field } from '../config/index.ts'

export interface MetricsConfig {
  adapter: 'prom-client' | 'memory'
  /** The most label sets stored for each metric. */
  maxSeries: number
  /** Whether to include the figures of the Node process. */
  processMetrics: boolean
}

export const metricsConfig = defineSlice(
  {
    SUBSTATION_METRICS: z
      .enum(['prom-client', 'memory'])
      .default('prom-client')
      .describe('the library that keeps the metrics'),
    SUBSTATION_METRICS_MAX_SERIES: field
      .integer({ min: 1, max: 100_000 })
      .default(500)
      .describe('the most label sets stored for each metric'),
    SUBSTATION_METRICS_PROCESS: field
      .boolean()
      .default(true)
      .describe('whether to include the figures of the Node process'),
  },
  (env): MetricsConfig => ({
    adapter: env.SUBSTATION_METRICS,
    maxSeries: env.SUBSTATION_METRICS_MAX_SERIES,
    processMetrics: env.SUBSTATION_METRICS_PROCESS,
  }),
)
