import { Redis } from 'ioredis'
import { LOADING_RETRY_MS } from '../../../../core/redis-loading.ts'

/**
 * A connection for the fleet: commands are not queued while Redis is down, and none waits for its answer longer than two
 * seconds, since a service must never hang because of what only monitors it.
 */
export function openFleetRedis(url: string, name: string): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectionName: `substation:${name}`,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    maxLoadingRetryTime: LOADING_RETRY_MS,
    retryStrategy: attempt => Math.min(100 * 2 ** Math.min(attempt, 5), 2_000) + Math.floor(jitter() * 250),
    autoResubscribe: false,
  })
  // The state comes from other events; without a listener ioredis prints every failed attempt.
  redis.on('error', () => {})
  return redis
}

/** Spread out, so that a thousand processes do not reconnect in the same millisecond. */
const jitter = () => Math.random()
