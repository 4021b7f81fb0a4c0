import { Redis } from 'ioredis'

/** The service's own connection to Redis. A command fails at once while Redis is away, instead of waiting for it. */
export function openRedis(url: string, name: string): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectionName: name,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: 1_000,
    // While Redis loads its data, look again soon: the server's own estimate may be ten seconds too long.
    maxLoadingRetryTime: 200,
    retryStrategy: attempt => Math.min(200 * 2 ** Math.min(attempt, 4), 2_000),
  })
  // The health check says that Redis is away; without a listener ioredis prints every failed attempt as well.
  redis.on('error', () => undefined)
  return redis
}
