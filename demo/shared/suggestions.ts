import type { CacheRegistry } from 'substation/cache'
import type { PostgresDatabase } from 'substation/database'

export interface Suggestions {
  /** Ids of what others bought of the same category, the most popular first. */
  of(category: string): Promise<number[]>
}

/** Bestsellers of a category, out of the cache `suggestions`: in Redis alone, because they change with every order. */
export async function suggestions(caches: CacheRegistry, database: PostgresDatabase): Promise<Suggestions> {
  const cache = await caches.create({
    name: 'suggestions',
    kind: 'redis',
    ttlMs: 20_000,
    owner: 'catalogue team',
    runbook: 'demo/runbooks/catalogue-cache.md',
  })
  const { sql } = database
  return {
    of: category =>
      cache.getOrSet(
        `bestsellers:${category}`,
        async () =>
          (
            await sql<{ product: number }[]>`
              select p.product from shop.purchase p join shop.product d on d.id = p.product
              where d.category = ${category} group by p.product order by count(*) desc limit 5`
          ).map(({ product }) => product),
        { tags: ['suggestions'] },
      ),
  }
}
