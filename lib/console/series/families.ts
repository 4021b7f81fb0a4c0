import type { Count } from './increases.ts'
import { seriesName } from './names.ts'
import { toSpread } from './percentile.ts'

/** The metrics of one process, ready to be added to those of others. */
export interface MetricReading {
  counts: Map<string, Count>
  gauges: Map<string, number>
}

type Labels = Record<string, string>

/**
 * Families as a process wrote them (MetricFamily). Read by hand and not by a schema: a thousand processes send theirs every ten
 * seconds, and what is malformed is skipped. Quantiles of summaries belong to one process and cannot be merged; of those,
 * and of histograms in a layout of their own, the count is kept.
 */
export function readFamilies(items: readonly unknown[]): MetricReading {
  const reading: MetricReading = { counts: new Map(), gauges: new Map() }
  for (const item of items) {
    if (!isRecord(item) || typeof item.name !== 'string' || !Array.isArray(item.series)) continue
    for (const one of item.series) {
      if (!isRecord(one)) continue
      const labels = labelsOf(one.labels)
      if (labels) readSeries(reading, item.name, item.kind, labels, one)
    }
  }
  return reading
}

function readSeries(
  { counts, gauges }: MetricReading,
  family: string,
  kind: unknown,
  labels: Labels,
  one: Record<string, unknown>,
) {
  const name = seriesName(family, labels)
  if (kind === 'gauge' && isFigure(one.value)) gauges.set(name, one.value)
  else if (kind === 'counter' && isCount(one.value)) {
    counts.set(name, { total: one.value })
    noteRequests(counts, family, labels, one.value)
  } else if ((kind === 'histogram' || kind === 'summary') && isCount(one.count)) {
    const buckets = kind === 'histogram' && areBuckets(one.buckets) ? toSpread(one.buckets, one.count) : undefined
    counts.set(name, { total: one.count, buckets })
    if (buckets && DURATION_FAMILIES.has(family)) add(counts, 'request_seconds', one.count, buckets)
  }
}

/** The names under which HTTP servers count and time their responses: the library's, Prometheus' and OpenTelemetry's. */
export const REQUEST_FAMILIES: ReadonlySet<string> = new Set(['http_requests_total', 'http_server_requests_total'])
export const DURATION_FAMILIES: ReadonlySet<string> = new Set([
  'http_request_seconds',
  'http_request_duration_seconds',
  'http_server_request_duration_seconds',
])
export const STATUS_LABELS = ['status', 'status_code', 'code', 'http_response_status_code']

/** Requests and errors of all routes together: the first thing anyone wants to know of a service. */
function noteRequests(counts: Map<string, Count>, family: string, labels: Labels, value: number) {
  if (!REQUEST_FAMILIES.has(family)) return
  add(counts, 'requests', value)
  const label = STATUS_LABELS.find(name => labels[name] !== undefined)
  // Where no status is counted, errors are unknown and not none.
  if (label) add(counts, 'request_errors', labels[label]?.startsWith('5') ? value : 0)
}

function add(counts: Map<string, Count>, name: string, amount: number, buckets?: readonly number[]) {
  const known = counts.get(name)
  counts.set(name, {
    total: (known?.total ?? 0) + amount,
    buckets: buckets?.map((count, index) => count + (known?.buckets?.[index] ?? 0)),
  })
}

function labelsOf(given: unknown): Labels | undefined {
  if (!isRecord(given)) return
  const labels: Labels = {}
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') return
    labels[name] = value
  }
  return labels
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isFigure = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isCount = (value: unknown): value is number => isFigure(value) && value >= 0
const areBuckets = (value: unknown): value is [number, number][] =>
  Array.isArray(value) &&
  value.every(pair => Array.isArray(pair) && pair.length === 2 && isFigure(pair[0]) && isCount(pair[1]))
