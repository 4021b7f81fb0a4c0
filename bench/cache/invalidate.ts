import type { InvalidationTarget } from '../../lib/infrastructure/cache/index.ts'
import type { Pings } from '../harness/pinger.ts'
import { measure } from '../harness/program.ts'
import { openCache, SOME } from './keys.ts'

/** Seconds of one invalidation, as an operator's. */
measure<{ redisUrl: string; where: InvalidationTarget }>(async ({ redisUrl, where }, ask) => {
  const cache = await openCache(redisUrl)
  await ask('ping')
  const began = performance.now()
  const { deleted } = await cache.invalidate(where)
  const value = (performance.now() - began) / 1_000
  const pings = (await ask('stop pinging')) as Pings
  await cache.end()
  if (deleted !== SOME) throw new Error(`${deleted} entries were removed, not ${SOME}`)
  return { value, extra: { pingP99: pings.p99 } }
})
