import type { Cluster, Redis } from 'ioredis'

/** The servers that have keys: of a Redis Cluster its masters, as far as they are known. */
export function mastersOf(redis: Redis | Cluster): Redis[] {
  // By its shape, so that who has no Redis needs no ioredis.
  return 'nodes' in redis ? redis.nodes('master') : [redis]
}
