import { type Clock, systemClock } from '../../core/clock.ts'
import { checkDefinition, type Definition, sameDefinition } from './definition.ts'
import {
  DURATION_BUCKETS,
  type LabelValue,
  MetricExistsError,
  type MetricFamily,
  type MetricSource,
  type Metrics,
} from './port.ts'
import { renderFamilies } from './render.ts'
import { type SeriesCap, seriesCap } from './series-cap.ts'

/** What an adapter stores of one metric. Label sets are complete and within the cap; values are finite. */
export interface Store {
  add(labels: Record<string, string>, amount: number): void
  set(labels: Record<string, string>, value: number): void
  observe(labels: Record<string, string>, value: number): void
  remove(labels: Record<string, string>): void
  clear(): void
}

/** What an adapter does: it stores and renders its metrics. */
export interface MetricBackend extends MetricSource {
  readonly contentType: string
  define(definition: Definition): Store
  expose(): Promise<string>
}

export interface RegistryOptions {
  /** Cap for metrics that do not set their own; default 500. */
  maxSeries?: number
  clock?: Clock
}

type AnyLabels = Readonly<Record<string, LabelValue>>
interface Known {
  definition: Definition
  store: Store
  cap: SeriesCap
  read?: () => void
}

/** The port on top of a backend: identity of names, caps, timers and adopted sources, the same for every adapter. */
export function metricsOn(
  backend: MetricBackend,
  { maxSeries = 500, clock = systemClock }: RegistryOptions = {},
): Metrics {
  const known = new Map<string, Known>()
  const sources = new Set<MetricSource>()

  function define(definition: Definition, cap = maxSeries): Known {
    checkDefinition(definition)
    const existing = known.get(definition.name)
    if (existing) {
      if (sameDefinition(existing.definition, definition)) return existing
      throw new MetricExistsError(`The metric ${definition.name} exists with another kind, other labels or buckets`)
    }
    const metric = { definition, store: backend.define(definition), cap: seriesCap(definition.labels, cap) }
    known.set(definition.name, metric)
    return metric
  }

  const dropped = define(
    own('substation_metrics_dropped_total', 'Observations not stored, by metric.', ['metric']),
    10_000,
  )
  const unreadable = define(own('substation_metrics_unreadable_total', 'Readings of metrics that failed.', []))

  /** Runs the write with the full label set, or counts why it is not written. */
  function write(
    metric: Known,
    value: number,
    labels: AnyLabels | undefined,
    apply: (labels: Record<string, string>) => void,
  ) {
    const admitted = Number.isFinite(value) ? metric.cap.admit(labels) : undefined
    if (admitted) apply(admitted)
    else dropped.store.add({ metric: metric.definition.name }, 1)
  }

  function observer(definition: Definition, cap?: number) {
    const metric = define(definition, cap)
    return (value: number, labels?: AnyLabels) => write(metric, value, labels, at => metric.store.observe(at, value))
  }

  const metrics: Metrics = {
    counter({ name, help, labels = [], maxSeries: cap }) {
      const metric = define({ kind: 'counter', name, help, labels }, cap)
      return {
        inc(amount, ...[at]: [AnyLabels?]) {
          write(metric, amount < 0 ? Number.NaN : amount, at, full => metric.store.add(full, amount))
        },
      }
    },
    gauge({ name, help, labels = [], maxSeries: cap, read }) {
      const metric = define({ kind: 'gauge', name, help, labels }, cap)
      const gauge = {
        set: (value: number, at?: AnyLabels) => write(metric, value, at, full => metric.store.set(full, value)),
        add: (amount: number, at?: AnyLabels) => write(metric, amount, at, full => metric.store.add(full, amount)),
        remove: (at?: AnyLabels) => metric.store.remove(metric.cap.release(at)),
      }
      if (read) metric.read = () => read(gauge)
      return gauge
    },
    histogram: ({ name, help, labels = [], buckets = DURATION_BUCKETS, maxSeries: cap }) => ({
      observe: observer({ kind: 'histogram', name, help, labels, buckets }, cap),
    }),
    summary: ({ name, help, labels = [], quantiles = [0.5, 0.9, 0.99], maxSeries: cap }) => ({
      observe: observer({ kind: 'summary', name, help, labels, quantiles }, cap),
    }),
    timer({ name, help, labels = [], buckets = DURATION_BUCKETS, maxSeries: cap }) {
      const observe = observer({ kind: 'histogram', name, help, labels, buckets }, cap)
      const start = () => {
        const from = clock.monotonic()
        let seconds: number | undefined
        return (...[at]: [AnyLabels?]) => {
          if (seconds === undefined) {
            seconds = (clock.monotonic() - from) / 1000
            observe(seconds, at)
          }
          return seconds
        }
      }
      return {
        start,
        async time(call, ...[at]: [AnyLabels?]) {
          const stop = start()
          try {
            return await call()
          } finally {
            stop(at)
          }
        },
      }
    },
    adopt(source) {
      sources.add(source)
      return () => void sources.delete(source)
    },
    async collect() {
      const adopted = await readAdopted()
      readGauges()
      return [...(await backend.collect()), ...adopted]
    },
    async expose() {
      const adopted = await readAdopted()
      readGauges()
      return { contentType: backend.contentType, text: (await backend.expose()) + renderFamilies(adopted) }
    },
  }

  function readGauges() {
    for (const metric of known.values()) {
      try {
        metric.read?.()
      } catch {
        metric.store.clear()
        metric.cap.clear()
        unreadable.store.add({}, 1)
      }
    }
  }

  async function readAdopted(): Promise<MetricFamily[]> {
    const names = new Set(known.keys())
    const adopted: MetricFamily[] = []
    for (const reading of await Promise.allSettled([...sources].map(async source => source.collect()))) {
      if (reading.status === 'rejected') {
        unreadable.store.add({}, 1)
        continue
      }
      for (const family of reading.value) {
        if (names.has(family.name)) continue
        names.add(family.name)
        adopted.push(family)
      }
    }
    return adopted
  }

  return metrics
}

function own(name: string, help: string, labels: string[]): Definition {
  return { kind: 'counter', name, help, labels }
}
