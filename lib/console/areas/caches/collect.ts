import { toConsoleTime } from '../../fleet/clocks.ts'
import { itemsOf } from '../../fleet/details.ts'
import type { FleetProcess, FleetSnapshot, ProcessState } from '../../fleet/port.ts'
import { CacheItem } from './item.ts'
import { aboutWhere, asMeant } from './where.ts'

/** Cumulative since its process started. */
export interface LayerFigures {
  hits: number
  misses: number
  errors?: number
  evictions?: number
}

/** One cache in one process. Times on the console's clock. */
export interface CacheInstance {
  cache: string
  namespace: string
  process: string
  instance: string
  service: string
  processState: ProcessState
  /** Its process stopped reporting: the figures are the last it sent. */
  silent: boolean
  layers: CacheItem['layers']
  l1?: LayerFigures
  l2?: LayerFigures
  totals: CacheItem['totals']
  /** Entries in memory, the most there may be, and their size in bytes as text. */
  entries?: number
  max?: number
  bytes?: number
  /** Whether it receives the invalidations of others; absent where there are no others. */
  bus?: CacheItem['bus']
  /** The last invalidation it has applied. */
  epoch: number
  /** `about` in words. */
  lastInvalidation?: NonNullable<CacheItem['lastInvalidation']> & { about: string }
  degraded?: string
  activity?: CacheItem['activity']
  namespaces?: CacheItem['namespaces']
  memory?: CacheItem['memory']
  busLag?: CacheItem['busLag']
  /** Times on the console's clock. */
  warmers?: CacheItem['warmers']
  switched?: CacheItem['switched']
  /** It is of another library. */
  adopted?: CacheItem['adopted']
  owner?: string
  runbook?: string
}

/** Whether it is one of the library's that has a namespace in Redis; how other libraries keep their entries is not known here. */
export const isShared = ({ layers, adopted }: Pick<CacheInstance, 'layers' | 'adopted'>) =>
  adopted === undefined && layers.includes('l2')

/** Every cache of every process, except of stopped and replaced ones. */
export function cachesOf(snapshot: FleetSnapshot): CacheInstance[] {
  return snapshot.processes.flatMap(process => {
    if (process.state === 'left' || process.state === 'replaced') return []
    return (itemsOf(process, 'caches', CacheItem)?.items ?? []).map(item => toInstance(item, process, snapshot))
  })
}

/** The same for someone with these permissions: names of keys are not for everyone who may see caches. */
export function cachesFor(permissions: readonly string[], snapshot: FleetSnapshot): CacheInstance[] {
  const instances = cachesOf(snapshot)
  return permissions.includes('key:read') ? instances : instances.map(withoutKeyNames)
}

function withoutKeyNames(instance: CacheInstance): CacheInstance {
  const { lastInvalidation: last } = instance
  if (last?.where.by !== 'key') return instance
  return { ...instance, lastInvalidation: { ...last, where: { by: 'key', key: '' }, about: 'one key' } }
}

function toInstance(item: CacheItem, process: FleetProcess, snapshot: FleetSnapshot): CacheInstance {
  const layer = (name: 'l1' | 'l2'): LayerFigures | undefined => {
    const found = item.stats.find(stats => stats.layer === name)
    if (!found) return undefined
    const { hits, misses, errors, evictions } = found
    return { hits, misses, errors, evictions }
  }
  const hasMemory = item.layers.includes('l1')
  return {
    cache: item.name,
    namespace: item.namespace,
    process: process.id,
    instance: process.instance,
    service: process.service,
    processState: process.state,
    silent: process.state === 'lost',
    layers: item.layers,
    l1: layer('l1'),
    l2: layer('l2'),
    totals: item.totals,
    entries: hasMemory ? item.l1Entries : undefined,
    max: hasMemory ? item.l1Max : undefined,
    bytes: item.stats.find(stats => stats.layer === 'l1')?.bytes,
    bus: item.bus,
    epoch: item.epoch,
    lastInvalidation: item.lastInvalidation && {
      ...item.lastInvalidation,
      about: aboutWhere(asMeant(item.lastInvalidation.where)),
      at: toConsoleTime(item.lastInvalidation.at, process, snapshot),
    },
    degraded: item.degraded,
    activity: item.activity,
    namespaces: item.namespaces,
    memory: item.memory,
    busLag: item.busLag,
    warmers: item.warmers?.map(warmer => ({
      ...warmer,
      startedAt: warmer.startedAt === undefined ? undefined : toConsoleTime(warmer.startedAt, process, snapshot),
    })),
    switched: item.switched && {
      ...item.switched,
      since: toConsoleTime(item.switched.since, process, snapshot),
      until: item.switched.until === undefined ? undefined : toConsoleTime(item.switched.until, process, snapshot),
    },
    adopted: item.adopted,
    owner: item.owner ?? process.identity?.owner,
    runbook: item.runbook ?? process.identity?.runbook,
  }
}
