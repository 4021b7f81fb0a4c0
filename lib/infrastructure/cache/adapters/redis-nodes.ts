import { Cluster, type Redis } from 'ioredis'

/** The servers that have keys: of a Redis Cluster its masters, as far as they are known. */
export function mastersOf(redis: Redis | Cluster): Redis[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis]
}
