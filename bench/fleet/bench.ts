import { Redis } from 'ioredis'
import type { Bench, Contender } from '../harness/definition.ts'
import { benchRedis } from '../harness/servers.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { redisCpu } from './redis-cpu.ts'
import { simulateFleet } from './simulate.ts'

const PROCESSES = 1_000
const ENVIRONMENT = 'bench'
const FLEET = { processes: PROCESSES, services: 20, breakersEach: 3 }
/** Between two refreshes every process sends one heartbeat, spread over so many ms: all at once would look like clock skew. */
const TURN = 150
/** Length of a window in which Redis' CPU is measured (ms), and the number of windows of each kind. */
const WINDOW = 10_000
const WINDOWS = 5

export default {
  summary:
    '1,000 processes with a heartbeat every 2 s: a console refresh of all beside a bare MGET, and what it costs Redis',
  unit: 'ms/refresh',
  async prepare({ say, closing }) {
    const server = await benchRedis()
    closing(server.stop)
    say(`registering ${PROCESSES} processes`)
    // Every process has a connection of its own, as in production, because that is what costs Redis.
    const fleet = await simulateFleet({
      redisUrl: server.url,
      environment: ENVIRONMENT,
      ...FLEET,
      connections: PROCESSES,
    })
    closing(fleet.close)
    await fleet.pause()
    const contender = (program: URL): Contender => ({
      program,
      before: async () => ({ redisUrl: server.url, environment: ENVIRONMENT }),
      answers: {
        rush: () => fleet.beatAll(),
        beat: () => fleet.beatAll(TURN),
        'beat and write': async () => {
          await fleet.writeAll()
          await fleet.beatAll(TURN)
        },
      },
    })
    return {
      ours: contender(new URL('./ours.ts', import.meta.url)),
      peers: { 'bare-mget': contender(new URL('./bare-mget.ts', import.meta.url)) },
      async conclude({ ours, peers }) {
        const cpu = await measureRedis()
        const bare = peers['bare-mget'] ?? []
        const medianOf = (runs: typeof ours) => spreadOf(runs.map(run => run.value)).median
        return {
          checks: [
            {
              what: 'a refresh of all by a bare MGET of the same bytes',
              limit: 1.5,
              measured: medianOf(ours) / medianOf(bare),
            },
            { what: 'Redis CPU under the heartbeats, % of a core', limit: 2, measured: cpu.beating.median },
          ],
          extra: { redisCpuPercent: cpu, ours: spreadsOf(ours), 'bare-mget': spreadsOf(bare) },
        }
      },
    }

    /** Redis' own CPU figures: connected and silent, with heartbeats, and with heartbeats while every process also writes its breakers. */
    async function measureRedis() {
      const redis = new Redis(server.url)
      const found: Record<'silent' | 'beating' | 'busy', number[]> = { silent: [], beating: [], busy: [] }
      for (let window = 0; window < WINDOWS; window++) {
        say(`Redis CPU, window ${window + 1} of ${WINDOWS}`)
        found.silent.push(await redisCpu(redis, WINDOW))
        for (const kind of ['beating', 'busy'] as const) {
          fleet.start({ busy: kind === 'busy' })
          // In the first turn caches are cold.
          await redisCpu(redis, 2_000)
          found[kind].push(await redisCpu(redis, WINDOW))
          await fleet.pause()
        }
      }
      redis.disconnect()
      return { silent: spreadOf(found.silent), beating: spreadOf(found.beating), busy: spreadOf(found.busy) }
    }
  },
} satisfies Bench
