import type { Console } from '@/lib/console/open'
import { type Counter, createMetrics, type Distribution, type Metrics } from '@/lib/infrastructure/metrics/index'

export interface ConsoleMetrics {
  metrics: Metrics
  /** Seconds a view took to answer. */
  viewSeconds: Distribution<'view' | 'outcome'>
  /** Operations requested, by outcome. */
  operations: Counter<'operation' | 'outcome'>
}

/** What the console measures of itself, for Prometheus. */
export async function consoleMetrics({ hub }: Console): Promise<ConsoleMetrics> {
  const metrics = await createMetrics({ adapter: 'prom-client', maxSeries: 500, processMetrics: true })
  metrics.gauge({
    name: 'substation_live_streams',
    help: 'Browsers connected to the live stream',
    read: gauge => gauge.set(hub.listeners),
  })
  return {
    metrics,
    viewSeconds: metrics.histogram({
      name: 'substation_view_seconds',
      help: 'Time a view took to answer',
      labels: ['view', 'outcome'],
    }),
    operations: metrics.counter({
      name: 'substation_operations_total',
      help: 'Operations requested, by outcome',
      labels: ['operation', 'outcome'],
    }),
  }
}
