export { redisLayer as sharedLayer } from './adapters/redis.ts'
export { redisKeyspace } from './adapters/redis-keyspace.ts'
export { type CacheConfig, cacheConfig } from './config.ts'
export { type CacheDependencies, createCacheRegistry } from './create.ts'
export type { Keyspace } from './keyspace.ts'
export type { Invalidation, Keep, Kept, SharedLayer } from './layers.ts'
export {
  type Affected,
  type Cache,
  CacheError,
  type CacheErrorCode,
  type CacheOptions,
  type CacheRegistry,
  type CacheReport,
  type CacheScope,
  type EntityRef,
  type Invalidated,
  type InvalidationTarget,
  type LayerStats,
  type Precision,
  type SetOptions,
} from './port.ts'
