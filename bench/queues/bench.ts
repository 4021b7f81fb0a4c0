import { Redis } from 'ioredis'
import type { Bench, Contender } from '../harness/definition.ts'
import { benchRedis } from '../harness/servers.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { seedQueues } from './seed.ts'

const SIZES = [10, 100, 1_000]
/** Of ours alone: Bull Board would take seconds. */
const MANY = 10_000

export default {
  summary: 'the overview of 10, 100 and 1,000 queues beside Bull Board and a Lua floor',
  unit: 'ms/overview of 1,000',
  async prepare({ say, closing }) {
    const server = await benchRedis()
    closing(server.stop)
    const redis = new Redis(server.url, { maxRetriesPerRequest: null })
    const sets: { prefix: string; names: string[] }[] = []
    for (const size of SIZES) {
      say(`making ${size} queues`)
      const prefix = `of-${size}`
      sets.push({ prefix, names: await seedQueues(redis, prefix, size) })
    }
    say(`making ${MANY} queues`)
    const many = { prefix: `of-${MANY}`, names: await seedQueues(redis, `of-${MANY}`, MANY) }
    redis.disconnect()
    const contender = (program: URL): Contender => ({ program, before: async () => ({ redisUrl: server.url, sets }) })
    return {
      ours: {
        program: new URL('./ours.ts', import.meta.url),
        before: async () => ({ redisUrl: server.url, sets, many }),
      },
      peers: {
        'bull-board-shared': contender(new URL('./board-shared.ts', import.meta.url)),
        'bull-board-shared-no-workers': contender(new URL('./board-shared-no-workers.ts', import.meta.url)),
        'bull-board-own-connections-no-workers': contender(new URL('./board-own.ts', import.meta.url)),
        'lua-floor': contender(new URL('./lua-floor.ts', import.meta.url)),
      },
      async conclude({ ours, peers }) {
        const median = (runs: typeof ours) => spreadOf(runs.map(run => run.value)).median
        const against = (peer: string) => median(ours) / median(peers[peer] ?? [])
        return {
          checks: [
            {
              what: "Bull Board's overview of 1,000 over a shared connection",
              limit: 0.2,
              measured: against('bull-board-shared'),
            },
            { what: 'seven lengths a queue in one Lua script', limit: 2, measured: against('lua-floor') },
            {
              what: '10,000 queues, ms',
              limit: 200,
              measured: spreadOf(ours.map(run => run.extra?.[`at${MANY}`] ?? Number.NaN)).median,
            },
          ],
          extra: {
            ours: spreadsOf(ours),
            ...Object.fromEntries(Object.entries(peers).map(([peer, runs]) => [peer, spreadsOf(runs)])),
          },
        }
      },
    }
  },
} satisfies Bench
