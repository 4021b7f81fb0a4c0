import { createCache } from 'cache-manager'
import { measure } from '../harness/program.ts'
import { type HitsInput, measureHits, refuse } from './hits.ts'

measure<HitsInput>(() => {
  const cache = createCache({ ttl: 600_000 })
  let hits = 0
  // It has no statistics of its own: they are counted from its events.
  cache.on('get', ({ value }) => {
    if (value !== undefined) hits++
  })
  return measureHits({
    set: (key, value) => cache.set(key, value),
    get: key => cache.get(key),
    getOrSet: key => cache.wrap(key, async () => refuse()),
    hits: () => hits,
  })
})
