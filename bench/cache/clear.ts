import { measure } from '../harness/program.ts'
import { openCache } from './keys.ts'

/** Milliseconds until a whole cache is invalidated: nothing of it is served from then on. */
measure<{ redisUrl: string; namespace: string; last: string }>(async ({ redisUrl, namespace, last }) => {
  const cache = await openCache(redisUrl, namespace)
  if ((await cache.get(last)) === undefined) throw new Error(`${last} is not there`)
  const began = performance.now()
  await cache.clear()
  const value = performance.now() - began
  const left = await cache.get(last)
  await cache.end()
  if (left !== undefined) throw new Error(`${last} is still served`)
  return { value }
})
