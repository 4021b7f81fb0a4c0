import { Redis } from 'ioredis'

/** A connection for views: an answer within its time or an error, never a queue behind a dead server. */
export function openViewRedis(url: string, name: string, commandTimeout = 1_500): Redis {
  const redis = new Redis(url, {
    connectionName: `substation-console:${name}`,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_500,
    commandTimeout,
    retryStrategy: attempt => Math.min(200 * attempt, 1_000),
  })
  // What is down is said by the parts of a view; without a listener ioredis prints every attempt.
  redis.on('error', () => {})
  return redis
}
