import { once } from 'node:events'
import { Redis } from 'ioredis'
import { LOADING_RETRY_MS } from '../../../core/redis-loading.ts'
import { CacheError } from '../port.ts'

export interface CacheConnections {
  commands: Redis
  /** Resolves when commands can be sent, when connecting has failed, or after the command timeout. */
  settled(): Promise<void>
  /** Opened when the first cache listens. */
  subscriber(): Redis
  close(): void
}

/** The connections of a registry: its own from a URL, or a subscriber beside one that was passed in, which stays open. */
export function cacheConnections(from: { url: string } | { redis: Redis }, commandTimeoutMs: number): CacheConnections {
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
      subscriber ??= commands.duplicate({
        enableOfflineQueue: false,
        maxRetriesPerRequest: null,
        lazyConnect: false,
        autoResubscribe: false,
        retryStrategy,
      })
      return subscriber
    },
    close() {
      subscriber?.disconnect()
      if (own) commands.disconnect()
    },
  }
}

/** ms until the next attempt to connect: quick at first, never longer than two seconds. */
function retryStrategy(times: number): number {
  return Math.min(2_000, 50 * 2 ** Math.min(times, 6))
}
