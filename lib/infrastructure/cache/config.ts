import { defineSlice, field } from '../config/index.ts'

export interface CacheConfig {
  /** `redis://…`; without it every cache is in memory only. Contains the password. */
  redisUrl?: string
  /** ms after which one call to Redis counts as failed. */
  commandTimeoutMs: number
  /** Defaults for caches without their own. */
  ttlMs: number
  l1Max: number
}

export const cacheConfig = defineSlice(
  {
    CACHE_REDIS_URL: field
      .url('redis', 'rediss')
      .optional()
      .describe('the Redis that caches share; without it they are in memory only'),
    CACHE_REDIS_TIMEOUT: field
      .duration()
      .default(1_000)
      .describe('how long one call waits for Redis before it goes on without it'),
    CACHE_TTL: field.duration().default(300_000).describe('default time to live of an entry'),
    CACHE_MEMORY_ENTRIES: field
      .integer({ min: 1, max: 10_000_000 })
      .default(1_000)
      .describe('the most entries a cache keeps in memory'),
  },
  (env): CacheConfig => ({
    ...(env.CACHE_REDIS_URL === undefined ? {} : { redisUrl: env.CACHE_REDIS_URL }),
    commandTimeoutMs: env.CACHE_REDIS_TIMEOUT,
    ttlMs: env.CACHE_TTL,
    l1Max: env.CACHE_MEMORY_ENTRIES,
  }),
)
