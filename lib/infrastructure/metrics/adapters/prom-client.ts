import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry, Summary } from 'prom-client'
import type { Definition } from '../definition.ts'
import type { Metrics } from '../port.ts'
import { metricsOn, type RegistryOptions, type Store } from '../registry.ts'
import { fromPromClient } from './prom-client-source.ts'

export interface PromClientOptions extends RegistryOptions {
  /** Also CPU, memory, garbage collection, event loop and handles of the process (`process_…`, `nodejs_…`). */
  processMetrics?: boolean
  /** The registry to use; a new one when absent, never prom-client's global one. */
  registry?: Registry
}

/** Summaries drop what is older than this, in five steps. */
const SUMMARY_WINDOW_SECONDS = 600

/** Metrics kept by prom-client. */
export function promClientMetrics(options: PromClientOptions = {}): Metrics {
  const { processMetrics = false, registry = new Registry(), ...rest } = options
  if (processMetrics) collectDefaultMetrics({ register: registry })
  const source = fromPromClient(registry)
  return metricsOn(
    {
      contentType: registry.contentType,
      define: definition => storeOf(definition, registry),
      collect: () => source.collect(),
      expose: () => registry.metrics(),
    },
    rest,
  )
}

function storeOf(definition: Definition, registry: Registry): Store {
  const { name, help } = definition
  const base = { name, help, labelNames: [...definition.labels], registers: [registry] }
  const unused = () => {
    throw new TypeError(`${name} is a ${definition.kind} and does not take this`)
  }
  switch (definition.kind) {
    case 'counter': {
      const counter = new Counter(base)
      return { ...common(counter), add: (labels, amount) => counter.inc(labels, amount), set: unused, observe: unused }
    }
    case 'gauge': {
      const gauge = new Gauge(base)
      return {
        ...common(gauge),
        add: (labels, amount) => gauge.inc(labels, amount),
        set: (labels, value) => gauge.set(labels, value),
        observe: unused,
      }
    }
    case 'histogram': {
      const histogram = new Histogram({ ...base, buckets: [...definition.buckets] })
      return {
        ...common(histogram),
        add: unused,
        set: unused,
        observe: (labels, value) => histogram.observe(labels, value),
      }
    }
    case 'summary': {
      const summary = new Summary({
        ...base,
        percentiles: [...definition.quantiles],
        maxAgeSeconds: SUMMARY_WINDOW_SECONDS,
        ageBuckets: 5,
      })
      return {
        ...common(summary),
        add: unused,
        set: unused,
        observe: (labels, value) => summary.observe(labels, value),
      }
    }
  }
}

function common(metric: { remove(labels: Record<string, string>): void; reset(): void }) {
  return { remove: (labels: Record<string, string>) => metric.remove(labels), clear: () => metric.reset() }
}
