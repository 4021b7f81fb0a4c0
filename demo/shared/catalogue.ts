import type { CacheRegistry } from 'substation/cache'
import type { PostgresDatabase } from 'substation/database'

export interface Product {
  id: number
  name: string
  category: string
  /** In cents. */
  price: number
}

export interface Catalogue {
  product(id: number): Promise<Product | undefined>
  category(name: string): Promise<Product[]>
}

/** Products, read through the cache `catalogue` that storefront and checkout share. */
export async function catalogue(caches: CacheRegistry, database: PostgresDatabase): Promise<Catalogue> {
  const cache = await caches.create({
    name: 'catalogue',
    ttlMs: 120_000,
    softTtlMs: 60_000,
    l1Max: 500,
    owner: 'catalogue team',
    runbook: 'demo/runbooks/catalogue-cache.md',
  })
  const { sql } = database
  // What everyone looks at first; run from the console after an invalidation.
  cache.warmer({
    name: 'first-products',
    async run({ set, progress }) {
      const products = await sql<Product[]>`select id, name, category, price from shop.product order by id limit 50`
      for (const [at, product] of products.entries()) {
        await set(`product:${product.id}`, product, { tags: ['products'], entity: ['product', product.id] })
        progress(at + 1, products.length)
      }
    },
  })
  return {
    product: id =>
      cache.getOrSet<Product | undefined>(
        `product:${id}`,
        async () => (await sql<Product[]>`select id, name, category, price from shop.product where id = ${id}`)[0],
        { tags: ['products'], entity: ['product', id] },
      ),
    category: name =>
      cache.getOrSet(
        `category:${name}`,
        async () => [
          ...(await sql<
            Product[]
          >`select id, name, category, price from shop.product where category = ${name} order by id`),
        ],
        { tags: ['products', `category:${name}`], ttlMs: 30_000, softTtlMs: 15_000 },
      ),
  }
}
