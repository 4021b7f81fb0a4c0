import { setTimeout as rest } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Bench, Contender } from '../harness/definition.ts'
import { benchRedis } from '../harness/servers.ts'
import { percentile, spreadOf, spreadsOf } from '../harness/statistics.ts'
import { bury } from './seed.ts'

const LETTERS = 100_000
/** How long a Redis that does nothing is pinged (ms): its p99 is the machine's own. */
const IDLE_FOR = 3_000

export default {
  summary:
    "100,000 dead letters replayed beside Bull Board's retry and BullMQ's retryJobs, and the latency of other clients during it",
  unit: 's/100,000',
  async prepare({ say, closing }) {
    const server = await benchRedis()
    closing(server.stop)
    const redis = new Redis(server.url, { maxRetriesPerRequest: null })
    const pinger = new Redis(server.url)
    closing(() => {
      redis.disconnect()
      pinger.disconnect()
    })
    let pinging: { stop: boolean; times: number[]; ended: Promise<void> } | undefined
    async function ping(times: number[]) {
      while (!pinging?.stop) {
        const began = performance.now()
        await pinger.ping()
        times.push(performance.now() - began)
        await rest(1)
      }
    }
    // In this process, which does nothing else: this measures Redis, not the process that replays.
    function startPinging() {
      const times: number[] = []
      pinging = { stop: false, times, ended: Promise.resolve() }
      pinging.ended = ping(times)
    }
    async function stopPinging() {
      if (!pinging) throw new Error('pinging has not started')
      pinging.stop = true
      await pinging.ended
      const { times } = pinging
      return { p50: percentile(times, 50), p99: percentile(times, 99), max: Math.max(...times), count: times.length }
    }
    const contender = (program: URL): Contender => ({
      program,
      async before() {
        say('burying')
        await bury(redis, LETTERS)
        return { redisUrl: server.url, count: LETTERS }
      },
      answers: {
        async ping() {
          startPinging()
        },
        'stop pinging': stopPinging,
      },
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
        startPinging()
        await rest(IDLE_FOR)
        const idle = await stopPinging()
        return {
          checks: [
            {
              what: "Bull Board's retry of the same 100,000",
              limit: 0.2,
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
