import { type Cache, createCacheRegistry } from '../../lib/infrastructure/cache/index.ts'

/** Keys of the namespace, and how many of them are invalidated. */
export const ALL = 1_000_000
export const SOME = 100_000

export const NAMESPACE = 'invalidation'
export const PATTERN = 'sale:*'
export const TAG = 'sale'
export const ENTITY = { type: 'campaign', id: 7 }

const AT_ONCE = 4_000
const CALLS = 8

export async function openCache(redisUrl: string, namespace = NAMESPACE): Promise<Cache & { end(): Promise<void> }> {
  const registry = createCacheRegistry({ redisUrl })
  const cache = await registry.create({ name: namespace, ttlMs: 3_600_000, l1Max: 1_000 })
  while (cache.report().bus !== 'listening') await new Promise(resolve => setTimeout(resolve, 10))
  return Object.assign(cache, { end: () => registry.close() })
}

/** Stores so many entries of a plain kind, or (`sale`) those that the invalidations are about. */
export async function seed(cache: Cache, kind: 'product' | 'sale', count: number): Promise<void> {
  const about = kind === 'sale' ? { tags: [TAG], entity: [ENTITY.type, ENTITY.id] as [string, number] } : {}
  for (let at = 0; at < count; at += AT_ONCE) {
    const keys = Array.from({ length: Math.min(AT_ONCE, count - at) }, (_, i) => `${kind}:${at + i}`)
    const values = keys.map(key => [key, { name: key, price: 999, text: 'x'.repeat(60) }] as const)
    const each = Math.ceil(values.length / CALLS)
    await Promise.all(
      Array.from({ length: CALLS }, (_, call) => cache.setMany(values.slice(call * each, (call + 1) * each), about)),
    )
  }
}
