import { openViewRedis, whenReady } from '../../lib/console/servers/view-redis.ts'
import { fleetKeys } from '../../lib/infrastructure/fleet/index.ts'
import { measure } from '../harness/program.ts'
import { measureRefreshes, type RefreshInput } from './refreshes.ts'

/** As the collector reads them: the same keys in pieces of the same size, on a connection with the same settings. */
const CHUNK = 500

measure<RefreshInput>(async ({ redisUrl, environment }, ask) => {
  const redis = openViewRedis(redisUrl, 'bench')
  await whenReady(redis)
  const keys = fleetKeys(environment)
  const ids = await redis.zrange(keys.processes, 0, -1)
  const mget = async (names: string[]) => {
    const chunks: Promise<(string | null)[]>[] = []
    for (let at = 0; at < names.length; at += CHUNK) chunks.push(redis.mget(names.slice(at, at + CHUNK)))
    return (await Promise.all(chunks)).flat()
  }
  const beats = ids.map(id => keys.beat(id))
  const details = ids.map(id => keys.detail(id, 'breakers'))
  const found = await measureRefreshes(ask, {
    beats: () => mget(beats),
    // The collector knows which details have changed only when it has the heartbeats.
    details: async () => [await mget(beats), await mget(details)],
  })
  redis.disconnect()
  return found
})
