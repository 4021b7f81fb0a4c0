import { waitingOf } from '../../lib/console/areas/queues/condition.ts'
import { openViewRedis, whenReady } from '../../lib/console/servers/view-redis.ts'
import { openQueueServer } from '../../lib/infrastructure/queue/index.ts'
import { measure } from '../harness/program.ts'
import { measureOverviews, type OverviewInput } from './overviews.ts'

/** As the console reads a server: counts each second, ages every fifth time. Workers every time, which the console does every four seconds. */
measure<OverviewInput>(async input => {
  const redis = openViewRedis(input.redisUrl, 'bench')
  await whenReady(redis)
  const server = openQueueServer(redis)
  const found = await measureOverviews(
    input,
    async ({ prefix, names }) => names.map(name => ({ prefix, name })),
    async (queues, turn) => {
      const [readings] = await Promise.all([
        server.readings(queues, { ages: turn % 5 === 0 }),
        server.workers(),
        redis.info('memory'),
      ])
      return readings.reduce((sum, one) => sum + (one ? (waitingOf(one) ?? 0) + (one.counts.delayed ?? 0) : 0), 0)
    },
  )
  redis.disconnect()
  return found
})
