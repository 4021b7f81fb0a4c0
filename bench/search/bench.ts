import type { Bench, Contender } from '../harness/definition.ts'
import { pingedRedis } from '../harness/pinged-redis.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { bury } from '../replay/seed.ts'

const JOBS = 100_000

export default {
  summary:
    "one of 100,000 jobs found by its payload beside BullMQ's getJobs, and the latency of other clients during it",
  unit: 's/100,000',
  async prepare({ say, closing }) {
    const { url: redisUrl, redis, pinger } = await pingedRedis(closing)
    say('burying')
    await bury(redis, JOBS)
    const contender = (program: URL): Contender => ({
      program,
      before: async () => ({ redisUrl, count: JOBS }),
      answers: pinger.answers,
    })
    return {
      ours: contender(new URL('./ours.ts', import.meta.url)),
      peers: { 'get-jobs': contender(new URL('./get-jobs.ts', import.meta.url)) },
      async conclude({ ours, peers }) {
        const median = (values: number[]) => spreadOf(values).median
        const seconds = (runs: typeof ours) => median(runs.map(run => run.value))
        const extra = (name: string) => median(ours.map(run => run.extra?.[name] ?? Number.NaN))
        const idle = await pinger.idle()
        return {
          checks: [
            {
              what: 'getJobs in steps of 1,000',
              limit: 0.15,
              measured: seconds(ours) / seconds(peers['get-jobs'] ?? []),
            },
            { what: 'first hits, ms', limit: 100, measured: extra('firstMs') },
            { what: 'p99 of a PING during it, ms', limit: 1, measured: extra('pingP99') },
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
