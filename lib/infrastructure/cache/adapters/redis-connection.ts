import { once } from 'node:events'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { LOADING_RETRY_MS } from '../../../core/redis-loading.ts'
import { CacheError } from '../port.ts'

export interface CacheConnections {
  commands: Redis | Cluster
  /** Resolves when commands can be sent, when connecting has failed, or after the command timeout. */
  settled(): Promise<void>
  /** Opened when the first cache listens. */
  subscriber(): Redis
  close(): void
}

/** The connections of a registry: its own from a URL, or a subscriber beside one that was passed in, which stays open. */
export function cacheConnections(
  from: { url: string } | { redis: Redis | Cluster },
  commandTimeoutMs: number,
): CacheConnections {
  const own = 'url' in from
  // No call waits for a connection: while there is none, calls are answered without Redis.
  const commands = own
    ? new Redis(from.url, {
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        commandTimeout: commandTimeoutMs,
        connectTimeout: 5_000,
        maxLoadingRetryTime: LOADING_RETRY_MS,
        retryStrategy,
      })
    : from.redis
  if (commands.options.keyPrefix)
    throw new CacheError('This connection has a keyPrefix, which scripts do not see: pass one without it', {
      code: 'CACHE_OPTIONS',
    })
  if (own) commands.on('error', () => undefined)
  let subscriber: Redis | undefined
  return {
    commands,
    async settled() {
      if (commands.status === 'ready') return
      const signal = AbortSignal.timeout(commandTimeoutMs)
      await Promise.race([once(commands, 'ready', { signal }), once(commands, 'close', { signal })]).catch(
        () => undefined,
      )
    },
    subscriber() {
      subscriber ??= commands instanceof Cluster ? subscriberBeside(commands) : commands.duplicate(SUBSCRIBER)
      return subscriber
    },
    close() {
      subscriber?.disconnect()
      if (own) commands.disconnect()
    },
  }
}

const SUBSCRIBER: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: null,
  lazyConnect: false,
  autoResubscribe: false,
  retryStrategy,
}

/**
 * Any master of a Redis Cluster passes on what is published on another. ioredis' own subscriber moves to another node without saying so, and
 * what was published in between would be missed; this one reports each lost connection, and then tries another master.
 */
function subscriberBeside(cluster: Cluster): Redis {
  let turn = 0
  const place = (): RedisOptions => {
    const masters = cluster.nodes('master')
    const { host, port } = masters[turn++ % masters.length]?.options ?? {}
    return host === undefined || port === undefined ? {} : { host, port }
  }
  const subscriber: Redis = new Redis({
    ...cluster.options.redisOptions,
    ...SUBSCRIBER,
    lazyConnect: true,
    retryStrategy(times) {
      Object.assign(subscriber.options, place())
      return retryStrategy(times)
    },
  })
  const begin = () => {
    Object.assign(subscriber.options, place())
    subscriber.connect().catch(() => undefined)
  }
  if (cluster.status === 'ready') begin()
  else cluster.once('ready', begin)
  return subscriber
}

/** Throws CacheError for a connection to one node of a Redis Cluster, which has only some of the keys. What cannot be asked is not refused. */
export async function refuseClusterNode(redis: Redis | Cluster): Promise<void> {
  const info = redis.status === 'ready' ? await redis.info('cluster').catch(() => '') : ''
  if (info.includes('cluster_enabled:1'))
    throw new CacheError('The Redis of the cache is one node of a Redis Cluster and has only some of the keys', {
      code: 'CACHE_OPTIONS',
      nextStep: 'Pass a Cluster of ioredis: createCacheRegistry(config, { redis: new Cluster(nodes) }).',
    })
}

/** ms until the next attempt to connect: quick at first, never longer than two seconds. */
function retryStrategy(times: number): number {
  return Math.min(2_000, 50 * 2 ** Math.min(times, 6))
}
