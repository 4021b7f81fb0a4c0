export { adoptBentocache, type BentocacheDetails, type BentocacheLike } from './adapters/adopt-bentocache.ts'
export { adoptCacheManager, type CacheManagerDetails, type CacheManagerLike } from './adapters/adopt-cache-manager.ts'
export { adoptCacheable, type CacheableLike } from './adapters/adopt-cacheable.ts'
export { adoptKeyv, type KeyvLike } from './adapters/adopt-keyv.ts'
export { adoptRedisPrefix, type RedisPrefixDetails } from './adapters/adopt-redis-prefix.ts'
export { adoptUnstorage, type UnstorageDetails, type UnstorageLike } from './adapters/adopt-unstorage.ts'
export { redisLayer as sharedLayer } from './adapters/redis.ts'
export { redisKeyspace } from './adapters/redis-keyspace.ts'
export type {
  AdoptedAbility,
  AdoptedCache,
  AdoptedCacheReport,
  AdoptedLayerStats,
  AdoptedTarget,
  Adoption,
  AdoptionDetails,
} from './adopted.ts'
export { type AdoptedAct, type AdoptedParts, adoptedCache } from './adopted-cache.ts'
export { type CacheCodec, structuredCloneCodec } from './codec.ts'
export { type CacheConfig, cacheConfig } from './config.ts'
export { type CacheDependencies, createCacheRegistry } from './create.ts'
export type { HotKey, HotKeysReport } from './hot-keys.ts'
export type { Keyspace } from './keyspace.ts'
export type { Invalidation, Keep, Kept, SharedLayer, Sizes } from './layers.ts'
export { type Peeked, type PeekedCopy, valueDigest } from './peek.ts'
export {
  type Affected,
  type BulkFactory,
  type Cache,
  CacheError,
  type CacheErrorCode,
  type CacheOptions,
  type CacheRegistry,
  type CacheScope,
  type EntityRef,
  type Factory,
  type Invalidated,
  type InvalidationTarget,
  type Policy as CachePolicy,
  type Precision,
  type SetOptions,
  type SwitchMode,
  type WarmerOptions,
} from './port.ts'
export type {
  BusLag,
  CacheActivity,
  CacheReport,
  LayerStats,
  MemoryReport,
  NamespaceReport,
  WarmerReport,
} from './report.ts'
export type { CacheSchema } from './schema.ts'
export { type ExactTarget, exactTarget } from './targets.ts'
export { defineKey, type TypedKey } from './typed-key.ts'
