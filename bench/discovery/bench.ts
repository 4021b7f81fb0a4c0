import { Redis } from 'ioredis'
import type { Bench, Contender } from '../harness/definition.ts'
import { openPinger } from '../harness/pinger.ts'
import { benchRedis } from '../harness/servers.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { seedQueues } from '../queues/seed.ts'
import { seedUnrelated } from './seed.ts'

const UNRELATED = 1_000_000
const QUEUES = 100

export default {
  summary: '100 queues found among 1,000,000 unrelated keys, and the latency of other clients during it',
  unit: 's',
  async prepare({ say, closing }) {
    const server = await benchRedis()
    closing(server.stop)
    const redis = new Redis(server.url, { maxRetriesPerRequest: null })
    const pinger = openPinger(server.url)
    closing(() => {
      redis.disconnect()
      pinger.close()
    })
    say(`storing ${UNRELATED} unrelated keys`)
    await seedUnrelated(redis, UNRELATED)
    await seedQueues(redis, 'found', QUEUES)
    const contender = (program: URL): Contender => ({
      program,
      before: async () => ({ redisUrl: server.url, queues: QUEUES }),
      answers: pinger.answers,
    })
    return {
      ours: contender(new URL('./ours.ts', import.meta.url)),
      peers: {
        scan: contender(new URL('./scan.ts', import.meta.url)),
        keys: contender(new URL('./keys.ts', import.meta.url)),
      },
      async conclude({ ours, peers }) {
        const idle = await pinger.idle()
        return {
          checks: [
            {
              what: 'p99 of a PING during it, ms',
              limit: 1.1,
              measured: spreadOf(ours.map(run => run.extra?.pingP99 ?? Number.NaN)).median,
            },
          ],
          extra: {
            idle: { pingP50: idle.p50, pingP99: idle.p99 },
            ours: spreadsOf(ours),
            ...Object.fromEntries(Object.entries(peers).map(([peer, runs]) => [peer, spreadsOf(runs)])),
          },
        }
      },
    }
  },
} satisfies Bench
