import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisDriver } from 'bentocache/drivers/redis'
import type { Redis } from 'ioredis'
import { adoptBentocache, type CacheRegistry } from 'substation/cache'
import type { PostgresDatabase } from 'substation/database'

export interface Trending {
  /** Orders of a category within the last hour. */
  of(category: string): Promise<number>
}

/** How much a category sells, out of a bentocache: this service had it before it joined the fleet, and keeps it. */
export function trending(caches: CacheRegistry, database: PostgresDatabase, redis: Redis): Trending {
  const store = bentostore()
    .useL1Layer(memoryDriver({ maxItems: 100 }))
    .useL2Layer(redisDriver({ connection: redis }))
  const bento = new BentoCache({ default: 'trending', prefix: 'trending', ttl: '20s', stores: { trending: store } })
  caches.adopt(adoptBentocache(bento, { name: 'trending', prefix: 'trending', owner: 'catalogue team' }))
  const { sql } = database
  return {
    of: category =>
      bento.getOrSet({
        key: `orders:${category}`,
        tags: ['orders', `category:${category}`],
        factory: async () => {
          const [row] = await sql<{ count: number }[]>`
            select count(*)::int as count from shop.purchase p join shop.product d on d.id = p.product
            where d.category = ${category} and p.created_at > now() - interval '1 hour'`
          return row?.count ?? 0
        },
      }),
  }
}
