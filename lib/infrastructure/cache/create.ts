import type { Cluster, Redis } from 'ioredis'
import { type Clock, systemClock } from '../../core/clock.ts'
import { loadAdapter } from '../../core/load-adapter.ts'
import { type BreakerRegistry, createBreakerRegistry } from '../resilience/index.ts'
import type { CacheConnections } from './adapters/redis-connection.ts'
import { jsonCodec } from './codec.ts'
import type { CacheConfig } from './config.ts'
import { Engine } from './engine.ts'
import { LayeredCache } from './layered-cache.ts'
import type { Bus } from './layers.ts'
import { type Lifetimes, refuseImpossible } from './lifetimes.ts'
import { type Heap, MemoryPressure, processHeap } from './memory-pressure.ts'
import { Packing } from './packing.ts'
import { CacheError, type CacheOptions, type CacheRegistry } from './port.ts'
import { cacheRegistry } from './registry.ts'
import { SharedAccess } from './shared-access.ts'

export interface CacheDependencies {
  /** A connection to use instead of opening one, of a Redis or of a Redis Cluster; it is not closed here. */
  redis?: Redis | Cluster
  /** Registry of the breaker before Redis (`cache:<name>`); a private one when absent. */
  breakers?: BreakerRegistry
  clock?: Clock
  /** How often a cache checks with Redis whether it missed an invalidation, in ms. */
  checkEveryMs?: number
  /** Where the size of the heap comes from; the process' own when absent. */
  heap?: () => Heap
}

/** The caches of one process. Connections are opened for the first cache that needs them. */
export function createCacheRegistry(
  config: Partial<CacheConfig> = {},
  dependencies: CacheDependencies = {},
): CacheRegistry {
  const { commandTimeoutMs = 1_000, ttlMs = 300_000, l1Max = 1_000, redisUrl } = config
  const {
    redis,
    clock = systemClock,
    checkEveryMs = 5_000,
    heap = processHeap,
    breakers = createBreakerRegistry({ clock }),
  } = dependencies
  const from = redis ? { redis } : redisUrl ? { url: redisUrl } : undefined
  let opening: Promise<{ connections: CacheConnections; bus: Bus }> | undefined

  async function connect() {
    if (from === undefined)
      throw new CacheError('There is no Redis to share a cache through', {
        code: 'CACHE_OPTIONS',
        nextStep: 'Set CACHE_REDIS_URL, or create the cache with kind: memory.',
      })
    const { cacheConnections, refuseClusterNode } = await loadAdapter(
      'A cache in Redis',
      () => import('./adapters/redis-connection.ts'),
    )
    const { redisBus } = await import('./adapters/redis-bus.ts')
    const connections = cacheConnections(from, commandTimeoutMs)
    await connections.settled()
    if (!redis) await refuseClusterNode(connections.commands)
    return { connections, bus: redisBus(connections.subscriber()) }
  }

  async function sharedParts(name: string, namespace: string, packing: Packing) {
    opening ??= connect()
    const { connections, bus } = await opening
    const { redisLayer } = await import('./adapters/redis.ts')
    const breaker = breakers.create({
      name: `cache:${name}`,
      policy: { kind: 'consecutive', failures: 3 },
      // More frequent probes would fill the fleet's event log while Redis is down.
      halfOpenAfterMs: 5_000,
      timeoutMs: commandTimeoutMs,
    })
    return { shared: new SharedAccess(redisLayer(connections.commands, namespace, packing), breaker), bus }
  }

  async function localLayer({ l1Max: max = l1Max, l1MaxBytes: maxBytes, heapShare = 0.85 }: CacheOptions) {
    const { memoryLayer } = await loadAdapter('A cache in memory', () => import('./adapters/memory.ts'))
    const pressure = heapShare < 1 ? new MemoryPressure(heapShare, { read: heap, clock }) : undefined
    return memoryLayer({ max, maxBytes, pressure })
  }

  return cacheRegistry({
    async open(options: CacheOptions) {
      refuseImpossible(options.name, options)
      const packing = new Packing(options.codec ?? jsonCodec, options.compressAboveBytes)
      const { name, namespace = name, kind = from === undefined ? 'memory' : 'tiered' } = options
      const local = kind === 'redis' ? {} : { local: await localLayer(options) }
      const shared = kind === 'memory' ? {} : await sharedParts(name, namespace, packing)
      const engine = new Engine({
        name,
        namespace,
        clock,
        checkEveryMs,
        policy: policyOf(options, ttlMs),
        leaseMs: options.leaseMs ?? 3_000,
        packing,
        schema: options.schema,
        ...(options.owner === undefined ? {} : { owner: options.owner }),
        ...(options.runbook === undefined ? {} : { runbook: options.runbook }),
        ...local,
        ...shared,
      })
      return new LayeredCache(engine)
    },
    async close() {
      const opened = await opening?.catch(() => undefined)
      opened?.connections.close()
    },
  })
}

function policyOf(options: CacheOptions, ttlMs: number): Lifetimes {
  const { softTtlMs, graceMs, softTimeoutMs, hardTimeoutMs, negativeTtlMs, earlyRefresh } = options
  return {
    ttlMs: options.ttlMs ?? ttlMs,
    softTtlMs,
    graceMs,
    softTimeoutMs,
    hardTimeoutMs,
    negativeTtlMs,
    earlyRefresh,
  }
}
