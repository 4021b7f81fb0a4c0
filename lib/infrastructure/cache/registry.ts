import type { AdoptedCache } from './adopted.ts'
import type { Cache, CacheOptions, CacheRegistry } from './port.ts'
import { CacheError } from './port.ts'

/** Opens caches and owns the connections they share. */
export interface CacheOpener {
  open(options: CacheOptions): Promise<Cache>
  close(): Promise<void>
}

export function cacheRegistry(opener: CacheOpener): CacheRegistry {
  const caches = new Map<string, Cache>()
  const adopted = new Map<string, AdoptedCache>()
  const reserved = new Set<string>()
  function reserve(name: string): void {
    if (reserved.has(name)) throw new CacheError(`A cache named ${name} exists already`, { code: 'CACHE_EXISTS' })
    reserved.add(name)
  }
  return {
    async create(options) {
      const { name, namespace = name } = options
      if (name === '') throw new CacheError('A cache needs a name', { code: 'CACHE_OPTIONS' })
      if (/[{}]/.test(namespace))
        throw new CacheError(`The namespace ${namespace} contains a brace, which marks a hash tag in Redis Cluster`, {
          code: 'CACHE_OPTIONS',
        })
      reserve(name)
      try {
        const cache = await opener.open(options)
        caches.set(name, cache)
        return cache
      } catch (error) {
        reserved.delete(name)
        throw error
      }
    },
    get: name => caches.get(name),
    list: () => [...caches.values()],
    adopt(cache) {
      reserve(cache.name)
      adopted.set(cache.name, cache)
      return cache
    },
    adopted: name => adopted.get(name),
    // What a process reports of all its caches has one limit (64 KB), so many caches name fewer namespaces each.
    reports: () => [
      ...[...caches.values()].map(cache => cache.report({ namespaces: namespacesEach(caches.size) })),
      ...[...adopted.values()].map(cache => cache.report()),
    ],
    hotKeys: () => [...caches.values()].map(cache => ({ name: cache.name, ...cache.hotKeys(keysEach(caches.size)) })),
    get hotKeysRevision() {
      let sum = caches.size
      for (const cache of caches.values()) sum += cache.hotKeysRevision
      return sum
    },
    get revision() {
      let sum = caches.size + adopted.size
      for (const cache of [...caches.values(), ...adopted.values()]) sum += cache.revision
      return sum
    },
    async close() {
      for (const cache of adopted.values()) cache.release()
      await Promise.all([...caches.values()].map(cache => cache.close()))
      await opener.close()
    },
  }
}

/** A key takes up to 250 bytes, of the same limit. */
const keysEach = (caches: number) => Math.max(2, Math.min(20, Math.floor(250 / caches)))

/** A namespace takes up to 250 bytes. */
const namespacesEach = (caches: number) => Math.max(2, Math.min(32, Math.floor(160 / caches)))
