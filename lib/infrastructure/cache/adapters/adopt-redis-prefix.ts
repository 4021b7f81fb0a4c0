import type { Redis } from 'ioredis'
import { escapeGlob } from '../../../core/escape-glob.ts'
import type { AdoptedCache, AdoptionDetails } from '../adopted.ts'
import { type AdoptedAct, adoptedCache } from '../adopted-cache.ts'
import { CacheError } from '../port.ts'
import { redisKeyspace } from './redis-keyspace.ts'

export interface RedisPrefixDetails extends AdoptionDetails {
  /** The beginning of its keys, such as `products:`. */
  prefix: string
}

/**
 * Shows keys of a Redis with one beginning, which a service reads and writes itself, among the caches. Their lookups cannot be counted.
 * Patterns are taken from behind the prefix, and found by SCAN. Throws CacheError `CACHE_OPTIONS` without a prefix, and for a connection with one of its own.
 */
export function adoptRedisPrefix(redis: Redis, details: RedisPrefixDetails): AdoptedCache {
  const { prefix } = details
  const impossible = (why: string) => {
    throw new CacheError(`${details.name}: ${why}`, { code: 'CACHE_OPTIONS' })
  }
  if (prefix === '') impossible('without a prefix it would be every key of that Redis')
  if (redis.options.keyPrefix) impossible('its connection has a keyPrefix, which SCAN does not heed: pass one without')
  const stopped = new AbortController()
  const keyspace = redisKeyspace(redis)
  const note = 'Copies that processes keep in memory of their own are not reached.'
  const act = (run: (value: string) => Promise<unknown>): AdoptedAct => ({
    exact: true,
    once: true,
    note,
    async run(value, memoryOnly) {
      if (!memoryOnly) await run(value)
    },
  })
  const removeMatching = (pattern: string) =>
    keyspace.unlink(`${escapeGlob(prefix)}${pattern}`, { signal: stopped.signal })
  return adoptedCache({
    kind: 'Redis keys',
    details,
    namespace: prefix,
    store: `Redis, under ${prefix}`,
    layers: ['l2'],
    targets: {
      key: act(key => redis.unlink(prefix + key)),
      pattern: act(removeMatching),
      tag: 'Plain keys have no tags.',
      all: act(() => removeMatching('*')),
    },
    unmeasured: ['lookups', 'hit ratio', 'entries'],
    release: () => stopped.abort(),
  })
}
