/**
 * A program of somebody else: it caches in Redis with a library of others and knows nothing of Substation. Asked over IPC
 * (`{ id, act, with }`), it answers `{ id, answer }` or `{ id, error }`. Started with the library, the URL of Redis and a prefix.
 */
import { Redis } from 'ioredis'

const [library, url, prefix] = process.argv.slice(2)
const redis = new Redis(url)
const TTL = 600_000

async function bentocache(layersOf) {
  const { BentoCache, bentostore } = await import('bentocache')
  const { memoryDriver } = await import('bentocache/drivers/memory')
  const { redisDriver } = await import('bentocache/drivers/redis')
  const memory = memoryDriver({ maxItems: 1_000 })
  const shop = layersOf(bentostore({ ttl: TTL }), memory, redisDriver({ connection: redis }))
  const bento = new BentoCache({ default: 'shop', prefix, stores: { shop } })
  return (key, factory) => bento.getOrSet({ key, factory })
}

/** How those who have ioredis already give it to Keyv, on which cacheable and cache-manager stand. */
async function keyv() {
  const { Keyv } = await import('cacheable')
  return new Keyv({
    namespace: prefix,
    store: {
      get: async key => (await redis.get(key)) ?? undefined,
      set: (key, value, ttl = TTL) => redis.set(key, value, 'PX', ttl),
      delete: async key => (await redis.del(key)) > 0,
      clear: () => undefined,
    },
  })
}

const LIBRARIES = {
  bentocache: () => bentocache((store, _memory, shared) => store.useL2Layer(shared)),
  'bentocache with memory': () => bentocache((store, memory, shared) => store.useL1Layer(memory).useL2Layer(shared)),
  async cacheable() {
    const { Cacheable } = await import('cacheable')
    const cache = new Cacheable({ primary: await keyv(), ttl: TTL })
    return (key, factory) => cache.getOrSet(key, factory)
  },
  async 'cache-manager'() {
    const { createCache } = await import('cache-manager')
    const cache = createCache({ stores: [await keyv()], ttl: TTL })
    return (key, factory) => cache.wrap(key, factory)
  },
}

const cached = await LIBRARIES[library]()
let computed = 0

const acts = {
  /** Looks each key up; answers the values and how often one had to be computed since the start. */
  async look({ keys }) {
    const values = []
    for (const key of keys) values.push(await cached(key, async () => `${key}, computed as ${++computed}`))
    return { values, computed }
  },
  close: () => setImmediate(() => process.disconnect()),
}

process.on('message', async ({ id, act, with: input }) => {
  try {
    const answer = await acts[act](input)
    process.send({ id, answer: act === 'close' ? undefined : answer })
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) })
  }
})
process.on('disconnect', () => process.exit(0))
process.send({ ready: true })
