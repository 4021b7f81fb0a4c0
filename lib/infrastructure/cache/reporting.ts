import type { Engine } from './engine.ts'
import type { LocalLayer } from './layers.ts'
import type { CacheReport, MemoryReport } from './report.ts'

/** What a cache reports of itself, with so many namespaces of its keys. */
export function reportOf(engine: Engine, namespaces: number | undefined): CacheReport {
  const { parts, counts, flights, sync, revision, warming } = engine
  const { name, namespace, owner, runbook, local, shared } = parts
  const degraded = degradedWhy({ parts, sync })
  const { bus, lag } = sync
  const { held } = engine.switch
  const warmers = warming.reports()
  const { memoryHits } = counts.namespaces
  const l1 = local && {
    ...counts.l1,
    hits: counts.l1.hits + memoryHits,
    size: local.size,
    bytes: local.bytes,
    evictions: local.evictions,
  }
  const stats = [...(l1 ? [l1] : []), ...(shared ? [{ ...counts.l2 }] : [])]
  return {
    name,
    namespace,
    layers: stats.map(({ layer }) => layer),
    stats,
    totals: { ...counts.totals, hits: counts.totals.hits + memoryHits },
    activity: { ...counts.activity, joined: flights.joined },
    namespaces: counts.namespaces.report(namespaces),
    ...(local === undefined ? {} : { memory: memoryOf(local) }),
    ...(lag === undefined ? {} : { busLag: lag }),
    ...(warmers.length === 0 ? {} : { warmers }),
    ...(held === undefined ? {} : { switched: { ...held } }),
    l1Entries: local?.size ?? 0,
    l1Max: local?.max ?? 0,
    ...(bus === undefined ? {} : { bus }),
    epoch: sync.epoch,
    ...(sync.last === undefined ? {} : { lastInvalidation: sync.last }),
    ...(degraded === undefined ? {} : { degraded }),
    ...(owner === undefined ? {} : { owner }),
    ...(runbook === undefined ? {} : { runbook }),
    revision,
  }
}

function memoryOf({ maxBytes, pressure }: LocalLayer): MemoryReport {
  return {
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(pressure === undefined ? {} : { heapShare: pressure.share, shrunk: pressure.shrunk }),
    ...(pressure?.ceiling === undefined ? {} : { ceiling: pressure.ceiling }),
  }
}

function degradedWhy({ parts: { local, shared }, sync }: Pick<Engine, 'parts' | 'sync'>): string | undefined {
  if (shared === undefined) return undefined
  const reasons = [
    shared.failure === undefined ? undefined : `Redis is not used: ${shared.failure}`,
    local === undefined || shared.failure !== undefined
      ? undefined
      : sync.trouble && `memory is not served: ${sync.trouble}`,
    shared.pending === 0 ? undefined : `${shared.pending} invalidations wait for Redis`,
  ].filter(reason => reason !== undefined)
  return reasons.length === 0 ? undefined : reasons.join('; ')
}
