import type { Definition } from '../definition.ts'
import type { MetricFamily, Metrics } from '../port.ts'
import { type MetricBackend, metricsOn, type RegistryOptions, type Store } from '../registry.ts'
import { renderFamilies, TEXT_FORMAT } from '../render.ts'

interface Series {
  labels: Record<string, string>
  value: number
  observed: number[]
}

/** Metrics in plain arrays that keep every observation: exact quantiles, for tests and short programs only. */
export function memoryMetrics(options?: RegistryOptions): Metrics {
  const metrics: { definition: Definition; series: Map<string, Series> }[] = []
  const collect = () => metrics.map(({ definition, series }) => toFamily(definition, [...series.values()]))
  const backend: MetricBackend = {
    contentType: TEXT_FORMAT,
    define(definition) {
      const series = new Map<string, Series>()
      metrics.push({ definition, series })
      const at = (labels: Record<string, string>): Series => {
        const key = JSON.stringify(labels)
        const found = series.get(key) ?? { labels, value: 0, observed: [] }
        series.set(key, found)
        return found
      }
      const store: Store = {
        add(labels, amount) {
          at(labels).value += amount
        },
        set(labels, value) {
          at(labels).value = value
        },
        observe(labels, value) {
          at(labels).observed.push(value)
        },
        remove: labels => void series.delete(JSON.stringify(labels)),
        clear: () => series.clear(),
      }
      // Without labels there is one series from the start: nothing counted yet is zero, not missing.
      if (definition.labels.length === 0) at({})
      return store
    },
    collect: async () => collect(),
    expose: async () => renderFamilies(collect()),
  }
  return metricsOn(backend, options)
}

function toFamily(definition: Definition, series: Series[]): MetricFamily {
  const { name, help } = definition
  switch (definition.kind) {
    case 'counter':
    case 'gauge':
      return { name, help, kind: definition.kind, series: series.map(({ labels, value }) => ({ labels, value })) }
    case 'histogram': {
      const bounds = definition.buckets
      return {
        name,
        help,
        kind: 'histogram',
        series: series.map(({ labels, observed }) => ({
          ...totals(labels, observed),
          buckets: bounds.map((bound): [number, number] => [bound, observed.filter(value => value <= bound).length]),
        })),
      }
    }
    case 'summary':
      return {
        name,
        help,
        kind: 'summary',
        series: series.map(({ labels, observed }) => {
          const sorted = [...observed].sort((a, b) => a - b)
          return {
            ...totals(labels, observed),
            quantiles: definition.quantiles.map((q): [number, number] => [q, quantile(sorted, q)]),
          }
        }),
      }
  }
}

function totals(labels: Record<string, string>, observed: number[]) {
  return { labels, count: observed.length, sum: observed.reduce((sum, value) => sum + value, 0) }
}

/** Linear between the closest ranks (Hyndman and Fan's type 7); 0 when nothing was observed, as in prom-client. */
function quantile(sorted: number[], q: number): number {
  const rank = (sorted.length - 1) * q
  const low = sorted[Math.floor(rank)] ?? 0
  const high = sorted[Math.ceil(rank)] ?? low
  return low + (high - low) * (rank - Math.floor(rank))
}
