import { MetricInvalidError } from './port.ts'

/** One metric as it was declared, with its defaults filled in. */
export type Definition = { name: string; help: string; labels: readonly string[] } & (
  | { kind: 'counter' | 'gauge' }
  | { kind: 'histogram'; buckets: readonly number[] }
  | { kind: 'summary'; quantiles: readonly number[] }
)

// https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/
const RESERVED: Record<string, string> = { histogram: 'le', summary: 'quantile' }

/** Throws MetricInvalidError for what Prometheus would refuse. */
export function checkDefinition(definition: Definition): void {
  const { name, kind, labels } = definition
  if (!NAME.test(name)) throw new MetricInvalidError(`${JSON.stringify(name)} is not a metric name`)
  for (const label of labels) {
    if (!LABEL.test(label) || label === RESERVED[kind]) {
      throw new MetricInvalidError(`${JSON.stringify(label)} is not a label that the ${kind} ${name} can have`)
    }
  }
  if (definition.kind === 'histogram' && !ascending(definition.buckets)) {
    throw new MetricInvalidError(`The buckets of ${name} must be finite and ascending`)
  }
  if (definition.kind === 'summary' && !definition.quantiles.every(q => q >= 0 && q <= 1)) {
    throw new MetricInvalidError(`The quantiles of ${name} must be from 0 to 1`)
  }
}

/** Whether both declare the same metric; the help text may differ. */
export function sameDefinition(a: Definition, b: Definition): boolean {
  const shape = (definition: Definition) =>
    JSON.stringify({ ...definition, help: '', labels: [...definition.labels].sort() })
  return shape(a) === shape(b)
}

function ascending(bounds: readonly number[]): boolean {
  return bounds.length > 0 && bounds.every((bound, i) => Number.isFinite(bound) && bound > (bounds[i - 1] ?? -Infinity))
}
