import type { HistogramSeries, MetricFamily, MetricSource, SummarySeries, ValueSeries } from '../port.ts'

/** The part of a prom-client registry (14 and 15) that is used; structural, so that the service's own copy fits. */
export interface PromClientRegistry {
  getMetricsAsJSON(): Promise<readonly PromClientMetric[]>
}
export interface PromClientMetric {
  name: string
  help: string
  /** `counter` and so on; some versions type it as a number but return the text. */
  type: unknown
  values?: readonly PromClientValue[]
}
export interface PromClientValue {
  value: number
  labels: object
  /** Absent for counters, gauges and a summary's quantiles. */
  metricName?: string
}

/** An existing prom-client registry as a source: `metrics.adopt(fromPromClient(register))`. */
export function fromPromClient(registry: PromClientRegistry): MetricSource {
  return {
    async collect() {
      return (await registry.getMetricsAsJSON()).map(toFamily)
    },
  }
}

function toFamily(metric: PromClientMetric): MetricFamily {
  const { name, help, values = [] } = metric
  switch (metric.type) {
    case 'histogram':
      return { name, help, kind: 'histogram', series: distributions(name, values, 'le').map(asHistogram) }
    case 'summary':
      return { name, help, kind: 'summary', series: distributions(name, values, 'quantile').map(asSummary) }
    default:
      return { name, help, kind: metric.type === 'counter' ? 'counter' : 'gauge', series: values.map(asValue) }
  }
}

interface Parts {
  labels: Record<string, string>
  count: number
  sum: number
  points: [number, number][]
}

/** prom-client lists buckets, sum and count of all label sets in one array: this groups them by label set. */
function distributions(name: string, values: readonly PromClientValue[], axis: 'le' | 'quantile'): Parts[] {
  const found = new Map<string, Parts>()
  for (const { value, metricName, labels: given } of values) {
    const { [axis]: point, ...labels } = texts(given)
    const key = JSON.stringify(Object.entries(labels).sort())
    const parts = found.get(key) ?? { labels, count: 0, sum: 0, points: [] }
    found.set(key, parts)
    if (metricName === `${name}_sum`) parts.sum = value
    else if (metricName === `${name}_count`) parts.count = value
    else if (point !== undefined && point !== '+Inf') parts.points.push([Number(point), value])
  }
  return [...found.values()]
}

const asHistogram = ({ points, ...rest }: Parts): HistogramSeries => ({ ...rest, buckets: points })
const asSummary = ({ points, ...rest }: Parts): SummarySeries => ({ ...rest, quantiles: points })
const asValue = ({ labels, value }: PromClientValue): ValueSeries => ({ labels: texts(labels), value })

function texts(labels: object): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))
}
