import { Cacheable } from 'cacheable'
import { measure } from '../harness/program.ts'
import { type HitsInput, measureHits, refuse } from './hits.ts'

measure<HitsInput>(() => {
  const cache = new Cacheable({ stats: true, ttl: '10m' })
  return measureHits({
    set: (key, value) => cache.set(key, value),
    get: key => cache.get(key),
    getOrSet: key => cache.getOrSet(key, async () => refuse()),
    hits: () => cache.stats.hits,
  })
})
