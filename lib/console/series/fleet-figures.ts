import { fromRedisTime, toConsoleTime } from '../fleet/clocks.ts'
import { BreakerItem, itemsOf } from '../fleet/details.ts'
import { isLiving } from '../fleet/living.ts'
import type { DetailReading, FleetProcess, FleetSnapshot } from '../fleet/port.ts'
import { type MetricReading, readFamilies } from './families.ts'
import type { Count, CountReading } from './increases.ts'
import { BREAKER_SERIES, SERVICE_SERIES, seriesName } from './names.ts'
import type { SeriesKind } from './port.ts'
import { splitCounts } from './split-counts.ts'

/** After this long a reported gauge no longer counts as current (ms). */
const GAUGES_FOR = 30_000
/** A change in a process is written within this time (ms). */
const WRITTEN_WITHIN = 2_500

export interface Gauge {
  service: string
  series: string
  kind: Extract<SeriesKind, 'gauge' | 'worst'>
  value: number
}

/** Domains that are read for the figures. */
export const FIGURE_DOMAINS = ['metrics', 'breakers'] as const

/** The gauges of every service: summed over its living processes, or the worst of them. Vitals first. */
export function gaugesOf(snapshot: FleetSnapshot): Gauge[] {
  const sums = new Map<string, Gauge>()
  const add = (service: string, series: string, kind: Gauge['kind'], value: number) => {
    const key = `${service}\n${series}`
    const known = sums.get(key)
    if (!known) sums.set(key, { service, series, kind, value })
    else known.value = kind === 'worst' ? Math.max(known.value, value) : known.value + value
  }
  const living = snapshot.processes.filter(isLiving)
  for (const { service, beat } of living) {
    add(service, SERVICE_SERIES.processes, 'gauge', 1)
    if (!beat) continue
    const { lag, heap, rss, cpu } = beat.vitals
    add(service, SERVICE_SERIES.lag, 'worst', lag / 1000)
    add(service, SERVICE_SERIES.heap, 'gauge', heap)
    add(service, SERVICE_SERIES.rss, 'gauge', rss)
    add(service, SERVICE_SERIES.cpu, 'gauge', cpu)
  }
  for (const process of living) {
    const detail = process.details.get('metrics')
    if (!detail || snapshot.redisNow - detail.at > GAUGES_FOR) continue
    for (const [name, value] of metricsOf(detail).gauges) add(process.service, name, 'gauge', value)
  }
  return [...sums.values()]
}

/** The last reported counts of every process, breakers before metrics. `since`: a process that started later counted from zero. */
export function countsOf(
  snapshot: FleetSnapshot,
  since: number,
): { id: string; service: string; reading: CountReading }[] {
  const both = snapshot.processes.flatMap(process => {
    const startedAt = process.identity && toConsoleTime(process.identity.startedAt, process, snapshot)
    const from = startedAt !== undefined && startedAt > since ? startedAt : undefined
    return [
      { process, from, domain: 'breakers', counts: breakerCounts },
      { process, from, domain: 'metrics', counts: metricCounts },
    ]
  })
  return both
    .sort((a, b) => (a.domain < b.domain ? -1 : a.domain > b.domain ? 1 : 0))
    .flatMap(({ process, from, domain, counts }) => {
      const detail = process.details.get(domain)
      if (!detail) return []
      const at = fromRedisTime(readAt(process, domain, detail), snapshot)
      const whole = detail.total <= detail.items.length
      return [
        {
          id: `${process.id}/${domain}`,
          service: process.service,
          reading: { at, from, whole, counts: counts(process) },
        },
      ]
    })
}

/**
 * Until when a detail is current, in Redis' time. Metrics are read again every ten seconds. Breakers are written when they change, so
 * as long as the process reports and has written nothing else, they are unchanged.
 */
function readAt(process: FleetProcess, domain: string, { rev, at }: DetailReading): number {
  const unchanged = domain === 'breakers' && isLiving(process) && process.beat?.rev[domain] === rev
  return unchanged ? Math.max(at, process.lastBeatAt - WRITTEN_WITHIN) : at
}

const remembered = new WeakMap<object, MetricReading>()

/** Each detail is read once, however often it is asked for. */
function metricsOf(detail: DetailReading): MetricReading {
  const known = remembered.get(detail) ?? readFamilies(detail.items)
  remembered.set(detail, known)
  return known
}

function metricCounts(process: FleetProcess): Map<string, Count> {
  const detail = process.details.get('metrics')
  return detail ? splitCounts(process, metricsOf(detail).counts) : new Map()
}

function breakerCounts(process: FleetProcess): Map<string, Count> {
  const counts = new Map<string, Count>()
  for (const { name, totals } of itemsOf(process, 'breakers', BreakerItem)?.items ?? []) {
    const breaker = { breaker: name }
    counts.set(seriesName(BREAKER_SERIES.calls, breaker), {
      total: totals.successes + totals.failures + totals.ignored,
    })
    counts.set(seriesName(BREAKER_SERIES.failures, breaker), { total: totals.failures })
    counts.set(seriesName(BREAKER_SERIES.rejected, breaker), { total: totals.rejected })
  }
  return counts
}
