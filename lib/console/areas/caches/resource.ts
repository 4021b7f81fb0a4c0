import { defineResource } from '../../platform/environment/resource.ts'
import { RedisServers } from '../../servers/resources.ts'
import { type CacheStores, cacheStores } from './stores.ts'

/** The Redis servers as stores of cached values. */
export const Caches = defineResource<CacheStores>('caches', ({ name, of }) => {
  const caches = cacheStores(of(RedisServers), name)
  return { value: caches, close: caches.close }
})
