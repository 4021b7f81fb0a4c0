import type { Cluster, Redis } from 'ioredis'
import type { BreakerStore } from '../port.ts'

export interface RedisBreakerStoreOptions {
  /** Before each breaker's name; `breakers:` when absent. Processes with one prefix share states, so let it name the service. */
  prefix?: string
  /** How long a state that no one writes again is kept, in ms; a week when absent. */
  keepMs?: number
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000

/** Breakers' states in Redis, a key each. The connection is the caller's, and stays open. */
export function redisBreakerStore(
  redis: Redis | Cluster,
  { prefix = 'breakers:', keepMs = WEEK_MS }: RedisBreakerStoreOptions = {},
): BreakerStore {
  return {
    async read(name) {
      return (await redis.get(prefix + name)) ?? undefined
    },
    async write(name, state) {
      await redis.set(prefix + name, state, 'PX', keepMs)
    },
  }
}
