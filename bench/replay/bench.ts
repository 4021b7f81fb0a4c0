import type { Bench, Contender } from '../harness/definition.ts'
import { pingedRedis } from '../harness/pinged-redis.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { bury } from './seed.ts'

const LETTERS = 100_000

export default {
  summary:
    "100,000 dead letters replayed beside Bull Board's retry and BullMQ's retryJobs, and the latency of other clients during it",
  unit: 's/100,000',
  async prepare({ say, closing }) {
    const { url: redisUrl, redis, pinger } = await pingedRedis(closing)
    const contender = (program: URL): Contender => ({
      program,
      async before() {
        say('burying')
        await bury(redis, LETTERS)
        return { redisUrl, count: LETTERS }
      },
      answers: pinger.answers,
    })
    return {
      ours: contender(new URL('./ours.ts', import.meta.url)),
      peers: {
        'bull-board': contender(new URL('./bull-board.ts', import.meta.url)),
        'retry-jobs': contender(new URL('./retry-jobs.ts', import.meta.url)),
      },
      async conclude({ ours, peers }) {
        const median = (values: number[]) => spreadOf(values).median
        const seconds = (runs: typeof ours) => median(runs.map(run => run.value))
        const idle = await pinger.idle()
        return {
          checks: [
            {
              what: "Bull Board's retry of the same 100,000",
              limit: 0.15,
              measured: seconds(ours) / seconds(peers['bull-board'] ?? []),
            },
            {
              what: 'p99 of a PING during it, ms',
              limit: 1,
              measured: median(ours.map(run => run.extra?.pingP99 ?? Number.NaN)),
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
