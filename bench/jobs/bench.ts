import { Redis } from 'ioredis'
import { newId } from '../../lib/core/ids.ts'
import type { Bench, Contender } from '../harness/definition.ts'
import { benchRedis } from '../harness/servers.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { COUNT } from './load.ts'

export default {
  summary: `${COUNT.toLocaleString('en')} jobs added one by one and worked on through the port of the library, beside BullMQ as it comes`,
  unit: `s/${COUNT.toLocaleString('en')}`,
  async prepare({ closing }) {
    const server = await benchRedis()
    closing(server.stop)
    const redis = new Redis(server.url)
    closing(() => redis.disconnect())
    const contender = (program: URL): Contender => ({
      program,
      async before() {
        await redis.flushall()
        return { redisUrl: server.url, prefix: `bench-${newId()}` }
      },
    })
    return {
      ours: contender(new URL('./ours.ts', import.meta.url)),
      peers: { bullmq: contender(new URL('./bare.ts', import.meta.url)) },
      async conclude({ ours, peers }) {
        const seconds = (runs: typeof ours) => spreadOf(runs.map(run => run.value)).median
        const bare = peers.bullmq ?? []
        return {
          checks: [
            { what: 'BullMQ as it comes, with the same jobs', limit: 1.05, measured: seconds(ours) / seconds(bare) },
          ],
          extra: { ours: spreadsOf(ours), bullmq: spreadsOf(bare) },
        }
      },
    }
  },
} satisfies Bench
