import { z } from 'zod'
import { defineSlice, field } from '../config/index.ts'

export interface MetricsConfig {
  adapter: 'prom-client' | 'memory'
  /** Label sets stored at most for each metric. */
  maxSeries: number
  /** Also the Node process's own figures. */
  processMetrics: boolean
}

export const metricsConfig = defineSlice(
  {
    SUBSTATION_METRICS: z.enum(['prom-client', 'memory']).default('prom-client').describe('what keeps the metrics'),
    SUBSTATION_METRICS_MAX_SERIES: field
      .integer({ min: 1, max: 100_000 })
      .default(500)
      .describe('label sets stored at most for each metric'),
    SUBSTATION_METRICS_PROCESS: field.boolean().default(true).describe("also the Node process's own figures"),
  },
  (env): MetricsConfig => ({
    adapter: env.SUBSTATION_METRICS,
    maxSeries: env.SUBSTATION_METRICS_MAX_SERIES,
    processMetrics: env.SUBSTATION_METRICS_PROCESS,
  }),
)
