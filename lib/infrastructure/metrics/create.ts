import { loadAdapter } from '../../core/load-adapter.ts'
import type { MetricsConfig } from './config.ts'
import type { Metrics } from './port.ts'

/** The process's metrics. */
export async function createMetrics({ adapter, maxSeries, processMetrics }: MetricsConfig): Promise<Metrics> {
  switch (adapter) {
    case 'prom-client':
      return (
        await loadAdapter('The prom-client adapter of metrics', () => import('./adapters/prom-client.ts'))
      ).promClientMetrics({ maxSeries, processMetrics })
    case 'memory':
      return (await import('./adapters/memory.ts')).memoryMetrics({ maxSeries })
  }
}
