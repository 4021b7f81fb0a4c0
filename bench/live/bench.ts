import { Redis } from 'ioredis'
import { fleetKeys } from '../../lib/infrastructure/fleet/index.ts'
import { type SimulatedFleet, simulateFleet } from '../fleet/simulate.ts'
import type { Bench } from '../harness/definition.ts'
import { cookieHeader, openStand } from '../harness/stand.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { CLIENTS } from './arrivals.ts'
import { startReportingProcess } from './transitions.ts'

export default {
  summary: `a breaker's transition in a process to ${CLIENTS} browsers of the console, beside bare Redis pub/sub`,
  unit: 'ms, p95',
  async prepare({ say, closing }) {
    const stand = await openStand(say)
    closing(stand.close)
    const { url, environment, redisUrl } = stand
    const reporting = await startReportingProcess({ redisUrl, environment })
    closing(reporting.stop)
    const redis = new Redis(redisUrl)
    closing(() => redis.disconnect())
    let thousand: SimulatedFleet | undefined
    const leave = async () => {
      await thousand?.close()
      // Otherwise they would be listed as lost in the next run.
      if (thousand) await redis.zrem(fleetKeys(environment).processes, ...thousand.ids)
      thousand = undefined
    }
    closing(leave)
    return {
      ours: {
        program: new URL('./ours.ts', import.meta.url),
        async before() {
          await stand.restart()
          return { url, environment, cookie: cookieHeader(await stand.signIn('viewer')) }
        },
        answers: {
          transition: reporting.transition,
          async 'a thousand join'() {
            thousand = await simulateFleet({ redisUrl, environment, processes: 1_000, services: 20, breakersEach: 3 })
          },
          'a thousand leave': leave,
        },
      },
      peers: {
        'redis-pubsub': {
          program: new URL('./redis-pubsub.ts', import.meta.url),
          before: async () => ({ redisUrl }),
          answers: { publish: reporting.publish },
        },
      },
      async conclude({ ours, peers }) {
        const limit = 300
        const p95 = spreadOf(ours.map(run => run.value)).median
        const among = spreadOf(ours.map(run => run.extra?.['amongThousand.p95'] ?? Number.NaN)).median
        return {
          checks: [
            { what: `p95 to ${CLIENTS} clients, ms`, limit, measured: p95 },
            { what: 'the same with heartbeats of 1,000 other processes, ms', limit, measured: among },
          ],
          extra: { ours: spreadsOf(ours), 'redis-pubsub': spreadsOf(peers['redis-pubsub'] ?? []) },
        }
      },
    }
  },
} satisfies Bench
