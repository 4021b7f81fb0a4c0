import type { CacheInstance, LayerFigures } from './collect.ts'

/** The usual hit ratio (0 to 1), the one now, and since when (ms). */
export interface Fallen {
  from: number
  to: number
  since: number
}

export type CacheState = 'working' | 'degraded' | 'unknown'

/** One cache over all processes that have it. */
export interface CacheGroup {
  name: string
  namespace: string
  state: CacheState
  services: string[]
  processes: number
  /** Processes whose cache is degraded (Redis down, invalidations not received), and the reason of the first. */
  degraded?: { count: number; reason: string }
  /** It answers far fewer lookups than usual; set by `withFallen`. */
  fallen?: Fallen
  layers: ('l1' | 'l2')[]
  /** Share of lookups answered, 0 to 1, since the processes started; absent when there were none. */
  hitRatio: { l1?: number; l2?: number; overall?: number }
  /** Since the processes started; absent when not counted. */
  calls?: number
  errors?: number
  evictions?: number
  /** Over the living processes, in memory: entries, the most there may be, bytes. */
  entries?: number
  max?: number
  bytes?: number
  bus?: { listening: number; catchingUp: number; disconnected: number }
  lastInvalidation?: NonNullable<CacheInstance['lastInvalidation']>
  /** It is of another library; as the first of its processes reports it. */
  adopted?: CacheInstance['adopted']
  owner?: string
  runbook?: string
}

/** Caches of one name and namespace are one cache: an invalidation reaches all of them. */
export function groupCaches(instances: CacheInstance[]): CacheGroup[] {
  return [...Map.groupBy(instances, ({ cache, namespace }) => `${cache}\n${namespace}`).values()].map(toGroup)
}

function toGroup(members: CacheInstance[]): CacheGroup {
  const first = members[0] as CacheInstance
  const living = members.filter(member => !member.silent)
  const reporting = living.length > 0 ? living : members
  const troubled = living.filter(member => member.degraded !== undefined || member.bus === 'disconnected')
  const sum = (pick: (member: CacheInstance) => number | undefined) => {
    const known = reporting.flatMap(member => pick(member) ?? [])
    return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0)
  }
  const withBus = living.filter(member => member.bus !== undefined)
  const inBus = (state: CacheInstance['bus']) => withBus.filter(member => member.bus === state).length
  const hits = sum(member => member.totals?.hits)
  const calls = sum(member => member.totals && member.totals.hits + member.totals.misses)
  return {
    name: first.cache,
    namespace: first.namespace,
    state: living.length === 0 ? 'unknown' : troubled.length > 0 ? 'degraded' : 'working',
    services: [...new Set(members.map(member => member.service))].sort(),
    processes: members.length,
    degraded: troubled[0] && {
      count: troubled.length,
      reason: troubled[0].degraded ?? 'invalidations of others are not received',
    },
    layers: (['l1', 'l2'] as const).filter(layer => members.some(member => member.layers.includes(layer))),
    hitRatio: {
      l1: ratioOf(reporting.flatMap(member => member.l1 ?? [])),
      l2: ratioOf(reporting.flatMap(member => member.l2 ?? [])),
      overall: calls && hits !== undefined ? hits / calls : undefined,
    },
    calls,
    errors: sum(member => known(member.l1?.errors, member.l2?.errors)),
    evictions: sum(member => member.l1?.evictions),
    entries: sum(member => member.entries),
    max: sum(member => member.max),
    bytes: sum(member => member.bytes),
    bus:
      withBus.length === 0
        ? undefined
        : { listening: inBus('listening'), catchingUp: inBus('catching-up'), disconnected: inBus('disconnected') },
    lastInvalidation: members
      .flatMap(member => member.lastInvalidation ?? [])
      .sort((a, b) => b.epoch - a.epoch || b.at - a.at)[0],
    adopted: members.find(member => member.adopted)?.adopted,
    owner: members.find(member => member.owner)?.owner,
    runbook: members.find(member => member.runbook)?.runbook,
  }
}

/** The sum of those that are known. */
function known(...counts: (number | undefined)[]): number | undefined {
  const found = counts.filter(count => count !== undefined)
  return found.length === 0 ? undefined : found.reduce((sum, count) => sum + count, 0)
}

function ratioOf(figures: LayerFigures[]): number | undefined {
  const hits = figures.reduce((total, layer) => total + layer.hits, 0)
  const calls = figures.reduce((total, layer) => total + layer.hits + layer.misses, 0)
  return calls === 0 ? undefined : hits / calls
}

/** Orders two caches: the one in trouble first. */
export function gravityOf(state: CacheState): number {
  return ['degraded', 'unknown', 'working'].indexOf(state)
}
