import { byText } from '../../../core/text-order.ts'
import type { NamespaceReport, WarmerReport } from '../../../infrastructure/cache/index.ts'
import type { CacheInstance } from './collect.ts'

/** Keys with one beginning, over all living processes. Cumulative since these started. */
export interface NamespaceRow extends Omit<NamespaceReport, 'made' | 'failed' | 'p50Ms'> {
  made: number
  failed: number
}

/** A warmer in one process. */
export interface WarmerRow extends WarmerReport {
  instance: string
}

export interface GroupActivity {
  /** The largest in memory first. */
  namespaces: NamespaceRow[]
  /** Sums of what the processes count, by its name; empty where none counts. */
  counts: Record<string, number>
  /** The slowest process'. */
  busLag?: { p50: number; p95: number; instance: string }
  warmers: WarmerRow[]
  switched?: { mode: 'off' | 'read-only'; by: string; reason: string; until?: number; processes: number }
  /** Processes that shrink their memory under pressure, and how often they did. */
  shrunk?: { processes: number; times: number }
}

/** What the processes of one cache report beyond hits and misses. */
export function groupActivity(living: readonly CacheInstance[]): GroupActivity {
  const counts: Record<string, number> = {}
  for (const { activity = {} } of living)
    for (const [name, count] of Object.entries(activity)) counts[name] = (counts[name] ?? 0) + count
  const lag = living
    .flatMap(({ busLag, instance }) => (busLag ? [{ ...busLag, instance }] : []))
    .sort((a, b) => b.p95 - a.p95)[0]
  const switched = living.flatMap(one => one.switched ?? [])
  const shrunk = living.flatMap(({ memory }) => (memory?.shrunk ? [memory.shrunk] : []))
  return {
    namespaces: mergeNamespaces(living),
    counts,
    ...(lag ? { busLag: { p50: lag.p50, p95: lag.p95, instance: lag.instance } } : {}),
    warmers: living
      .flatMap(({ warmers = [], instance }) => warmers.map(warmer => ({ ...warmer, instance })))
      .sort((a, b) => byText(a.name, b.name) || byText(a.instance, b.instance)),
    ...(switched[0] ? { switched: { ...switched[0], processes: switched.length } } : {}),
    ...(shrunk.length > 0
      ? { shrunk: { processes: shrunk.length, times: shrunk.reduce((sum, times) => sum + times, 0) } }
      : {}),
  }
}

function mergeNamespaces(living: readonly CacheInstance[]): NamespaceRow[] {
  const all = living.flatMap(({ namespaces = [] }) => namespaces)
  const rows = [...Map.groupBy(all, ({ name }) => name)].map(([name, members]): NamespaceRow => {
    const sum = (pick: (one: (typeof members)[number]) => number | undefined) =>
      members.reduce((total, one) => total + (pick(one) ?? 0), 0)
    const most = (pick: (one: (typeof members)[number]) => number | undefined) => {
      const known = members.flatMap(one => pick(one) ?? [])
      return known.length === 0 ? undefined : Math.max(...known)
    }
    const [p95Ms, slowestMs] = [most(one => one.p95Ms), most(one => one.slowestMs)]
    return {
      name,
      hits: sum(one => one.hits),
      misses: sum(one => one.misses),
      sets: sum(one => one.sets),
      deletes: sum(one => one.deletes),
      evictions: sum(one => one.evictions),
      entries: sum(one => one.entries),
      bytes: sum(one => one.bytes),
      made: sum(one => one.made),
      failed: sum(one => one.failed),
      ...(p95Ms === undefined ? {} : { p95Ms }),
      ...(slowestMs === undefined ? {} : { slowestMs }),
    }
  })
  return rows.sort((a, b) => b.bytes - a.bytes || b.hits + b.misses - a.hits - a.misses || byText(a.name, b.name))
}
