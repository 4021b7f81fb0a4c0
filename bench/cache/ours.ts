import { createCacheRegistry } from '../../lib/infrastructure/cache/index.ts'
import { measure } from '../harness/program.ts'
import { type HitsInput, measureHits, refuse } from './hits.ts'

measure<HitsInput>(async ({ redisUrl }) => {
  const registry = createCacheRegistry({ redisUrl })
  const cache = await registry.create({ name: 'bench', ttlMs: 600_000, l1Max: 5_000 })
  // Memory is served only while invalidations are received.
  while (cache.report().bus !== 'listening') await new Promise(resolve => setTimeout(resolve, 10))
  const found = await measureHits({
    set: (key, value) => cache.set(key, value),
    get: key => cache.get(key),
    getOrSet: key => cache.getOrSet(key, refuse),
    hits: () => cache.report().stats.find(stats => stats.layer === 'l1')?.hits ?? 0,
  })
  await registry.close()
  return found
})
