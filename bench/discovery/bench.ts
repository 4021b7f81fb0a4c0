import type { Bench, Contender } from '../harness/definition.ts'
import { pingedRedis } from '../harness/pinged-redis.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { seedQueues } from '../queues/seed.ts'
import { seedUnrelated } from './seed.ts'

const UNRELATED = 1_000_000
const QUEUES = 100

export default {
  summary: '100 queues found among 1,000,000 unrelated keys, and the latency of other clients during it',
  unit: 's',
  async prepare({ say, closing }) {
    const { url: redisUrl, redis, pinger } = await pingedRedis(closing)
    say(`storing ${UNRELATED} unrelated keys`)
    await seedUnrelated(redis, UNRELATED)
    await seedQueues(redis, 'found', QUEUES)
    const contender = (program: URL): Contender => ({
      program,
      before: async () => ({ redisUrl, queues: QUEUES }),
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
