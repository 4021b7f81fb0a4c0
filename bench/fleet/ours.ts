import { fleetCollector } from '../../lib/console/fleet/collector.ts'
import { liveHub } from '../../lib/console/platform/live/hub.ts'
import { openViewRedis } from '../../lib/console/servers/view-redis.ts'
import { measure } from '../harness/program.ts'
import { measureRefreshes, type RefreshInput } from './refreshes.ts'

measure<RefreshInput>(async ({ redisUrl, environment }, ask) => {
  const collector = fleetCollector({ environment, redis: openViewRedis(redisUrl, 'bench'), hub: liveHub() })
  const read = async (domains: string[]) => {
    const part = await collector.read(domains, { maxAge: 0 })
    if (part.status !== 'up') throw new Error(`the fleet could not be read: ${part.reason}`)
    return part.data.processes
  }
  const counted = new Map<string, number>()
  const found = await measureRefreshes(ask, {
    beats: () => read([]),
    details: () => read(['breakers']),
    look(processes) {
      for (const { id, beat } of processes) {
        // A reading that missed a heartbeat has not done the work.
        if (!beat || beat.seq <= (counted.get(id) ?? 0) || !(beat.vitals.rss > 0))
          throw new Error(`the reading missed a heartbeat of ${id}`)
        counted.set(id, beat.seq)
      }
    },
  })
  await collector.close()
  return found
})
