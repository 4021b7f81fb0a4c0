import KeyvRedis from '@keyv/redis'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisDriver } from 'bentocache/drivers/redis'
import { createCache } from 'cache-manager'
import { Cacheable } from 'cacheable'
import { Redis } from 'ioredis'
import { Keyv } from 'keyv'
import { createStorage, type Storage } from 'unstorage'
import redisStorage from 'unstorage/drivers/redis'
import { newId } from '../../../core/ids.ts'
import { adoptedCacheProperty } from '../../testing/adopted-cache-property.ts'
import { redisUrl, startRedis } from '../../testing/servers.ts'
import { type AdoptedProcess, type AdoptedUnderTest, adoptedCacheContract } from '../adopted.contract.ts'
import {
  adoptBentocache,
  adoptCacheable,
  adoptCacheManager,
  adoptKeyv,
  adoptRedisPrefix,
  adoptUnstorage,
} from '../index.ts'

type Service = AdoptedProcess & { close(): Promise<unknown> | unknown }
interface Case extends Pick<AdoptedUnderTest, 'kind' | 'can' | 'exact'> {
  counts?: boolean
  /** Whether it has a store in Redis. */
  shared?: boolean
  /** One process with it; `name` is the same for both processes of a test. */
  open(name: string, url: string): Service
}

function contractOf(title: string, { open, counts = true, shared = true, ...rest }: Case): void {
  const start = async (url: string) => {
    const name = `c-${newId()}`
    const processes = [open(name, url), open(name, url)] as const
    // node-redis connects with its first command, and refuses others until it is connected.
    for (const one of processes) await one.get('to connect')
    const close = async () => void (await Promise.allSettled(processes.map(one => one.close())))
    return { ...rest, counts, shared, processes, close }
  }
  const failing = async () => {
    const redis = await startRedis()
    const begun = await start(redis.url)
    const close = () => begun.close().then(redis.close)
    return { ...begun, close, endStore: redis.stop }
  }
  adoptedCacheContract(title, () => start(redisUrl()), shared ? failing : undefined)
  adoptedCacheProperty(title, () => start(redisUrl()))
}

/** Connections that fail at once when their Redis has ended. */
function ioredis(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null })
  redis.on('error', () => undefined)
  return redis
}
function keyvInRedis(namespace: string | undefined, url: string): Keyv {
  const store = new KeyvRedis({ url, disableOfflineQueue: true, socket: { reconnectStrategy: false } })
  const keyv = new Keyv({ store, namespace })
  keyv.on('error', () => undefined)
  return keyv
}
const keyvInMemory = (namespace?: string) => new Keyv({ namespace })

function ofKeyv(name: string, keyv: Keyv): Service {
  return {
    adopted: adoptKeyv(keyv, { name }),
    get: key => keyv.get(key),
    set: (key, value) => keyv.set(key, value),
    close: () => keyv.disconnect(),
  }
}

contractOf('Keyv in Redis', {
  kind: 'Keyv',
  can: ['key', 'pattern', 'all'],
  exact: ['key', 'pattern', 'all'],
  open: (name, url) => ofKeyv(name, keyvInRedis(name, url)),
})

contractOf('Keyv in memory', {
  kind: 'Keyv',
  can: ['key', 'pattern', 'all'],
  exact: ['key', 'pattern', 'all'],
  shared: false,
  open: name => ofKeyv(name, keyvInMemory()),
})

contractOf('Keyv in a Redis without a namespace', {
  kind: 'Keyv',
  can: ['key'],
  exact: ['key'],
  open: (name, url) => {
    const keyv = keyvInRedis(undefined, url)
    // Keys of the tests that run beside it are in the same Redis.
    const own = (key: string) => (key === 'product:1' ? `product:1` : `${name}:${key}`)
    return {
      ...ofKeyv(name, keyv),
      get: key => keyv.get(own(key)),
      set: (key, value) => keyv.set(own(key), value),
    }
  },
})

contractOf('cache-manager, memory before Redis', {
  kind: 'cache-manager',
  can: ['key', 'pattern', 'all'],
  exact: ['key', 'pattern', 'all'],
  open(name, url) {
    const cache = createCache({ stores: [keyvInMemory(name), keyvInRedis(name, url)] })
    return {
      adopted: adoptCacheManager(cache, { name }),
      get: key => cache.get(key),
      set: (key, value) => cache.set(key, value),
      close: () => cache.disconnect(),
    }
  },
})

contractOf('cache-manager, non-blocking', {
  kind: 'cache-manager',
  can: ['key', 'pattern', 'all'],
  exact: ['key', 'pattern', 'all'],
  counts: false,
  shared: false,
  open(name) {
    const cache = createCache({ stores: [keyvInMemory(name)], nonBlocking: true })
    return {
      adopted: adoptCacheManager(cache, { name, nonBlocking: true }),
      get: key => cache.get(key),
      set: (key, value) => cache.set(key, value),
      close: () => cache.disconnect(),
    }
  },
})

function ofCacheable(name: string, cacheable: Cacheable): Service {
  cacheable.on('error', () => undefined)
  return {
    adopted: adoptCacheable(cacheable, { name }),
    get: key => cacheable.get(key),
    set: (key, value, tag) => cacheable.set(key, value, tag && cacheable.tags.enabled ? { tags: [tag] } : {}),
    close: () => cacheable.disconnect(),
  }
}

contractOf('cacheable, memory before Redis, with tags', {
  kind: 'cacheable',
  can: ['key', 'pattern', 'tag', 'all'],
  exact: ['key', 'pattern', 'all'],
  open: (name, url) =>
    ofCacheable(name, new Cacheable({ secondary: keyvInRedis(name, url), namespace: name, tags: true })),
})

contractOf('cacheable in memory, with tags', {
  kind: 'cacheable',
  can: ['key', 'pattern', 'tag', 'all'],
  exact: ['key', 'pattern', 'tag', 'all'],
  shared: false,
  open: name => ofCacheable(name, new Cacheable({ tags: true })),
})

contractOf('cacheable in memory, without tags', {
  kind: 'cacheable',
  can: ['key', 'pattern', 'all'],
  exact: ['key', 'pattern', 'all'],
  shared: false,
  open: name => ofCacheable(name, new Cacheable()),
})

contractOf('bentocache, memory before Redis', {
  kind: 'bentocache',
  can: ['key', 'tag', 'all'],
  exact: ['key', 'all'],
  open(name, url) {
    const connection = ioredis(url)
    const store = bentostore().useL1Layer(memoryDriver({})).useL2Layer(redisDriver({ connection }))
    return ofBento(name, new BentoCache({ default: name, prefix: name, stores: { [name]: store } }), connection)
  },
})

function ofBento(name: string, bento: BentoCache<Record<string, never>>, connection?: Redis): Service {
  return {
    adopted: adoptBentocache(bento, { name, prefix: name }),
    get: key => bento.get({ key }),
    set: (key, value, tag) => bento.set({ key, value, tags: tag ? [tag] : [] }),
    close: () => connection?.disconnect(),
  }
}

function ofUnstorage(name: string, storage: Storage): Service {
  return {
    adopted: adoptUnstorage(storage, { name, base: name }),
    get: async key => (await storage.getItem(`${name}:${key}`)) ?? undefined,
    set: (key, value) => storage.setItem(`${name}:${key}`, value),
    close: () => storage.dispose(),
  }
}

contractOf('unstorage in Redis', {
  kind: 'unstorage',
  can: ['key', 'pattern', 'all'],
  exact: ['key', 'pattern', 'all'],
  open: (name, url) =>
    ofUnstorage(
      name,
      createStorage({ driver: redisStorage({ url, maxRetriesPerRequest: 0, retryStrategy: () => null }) }),
    ),
})

contractOf('unstorage in memory', {
  kind: 'unstorage',
  can: ['key', 'pattern', 'all'],
  exact: ['key', 'pattern', 'all'],
  shared: false,
  open: name => ofUnstorage(name, createStorage()),
})

contractOf('keys of a Redis with one prefix', {
  kind: 'Redis keys',
  can: ['key', 'pattern', 'all'],
  exact: ['key', 'pattern', 'all'],
  counts: false,
  open(name, url) {
    const redis = ioredis(url)
    return {
      adopted: adoptRedisPrefix(redis, { name, prefix: `${name}:` }),
      get: async key => (await redis.get(`${name}:${key}`)) ?? undefined,
      set: (key, value) => redis.set(`${name}:${key}`, value),
      close: () => redis.disconnect(),
    }
  },
})
