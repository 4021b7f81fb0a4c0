import { tracingChannel } from 'node:diagnostics_channel'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import { measure } from '../harness/program.ts'
import { type HitsInput, measureHits, refuse } from './hits.ts'

measure<HitsInput>(async ({ redisUrl }) => {
  const { hostname: host, port } = new URL(redisUrl)
  const connection = { host, port: Number(port) }
  let hits = 0
  // It has no statistics of its own: they are counted from its events.
  tracingChannel<string, { operation?: string; hit?: boolean }>('bentocache.cache.operation').subscribe({
    start() {},
    end() {},
    asyncStart() {},
    asyncEnd({ hit }) {
      if (hit) hits++
    },
    error() {},
  })
  const bento = new BentoCache({
    default: 'bench',
    stores: {
      bench: bentostore({ ttl: '10m' })
        .useL1Layer(memoryDriver({ maxItems: 5_000 }))
        .useL2Layer(redisDriver({ connection }))
        .useBus(redisBusDriver({ connection })),
    },
  })
  const found = await measureHits({
    set: (key, value) => bento.set({ key, value }),
    get: key => bento.get({ key }),
    getOrSet: key => bento.getOrSet({ key, factory: refuse }),
    hits: () => hits,
  })
  await bento.disconnectAll()
  return found
})
