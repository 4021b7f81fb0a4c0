import type { Bench } from '../harness/definition.ts'
import { benchRedis } from '../harness/servers.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { stampede } from './stampede.ts'

const PEERS = ['bentocache', 'cacheable', 'cache-manager'] as const

export default {
  summary:
    'a hit in memory with statistics counted, beside bentocache, cacheable and cache-manager; factory calls of a stampede',
  unit: 'ns/hit',
  runs: 7,
  async prepare({ closing }) {
    const server = await benchRedis()
    closing(server.stop)
    const contender = (program: URL) => ({ program, before: async () => ({ redisUrl: server.url }) })
    return {
      ours: contender(new URL('./ours.ts', import.meta.url)),
      peers: {
        bentocache: contender(new URL('./bentocache.ts', import.meta.url)),
        cacheable: contender(new URL('./cacheable.ts', import.meta.url)),
        'cache-manager': contender(new URL('./cache-manager.ts', import.meta.url)),
      },
      async conclude({ ours, peers }) {
        const medianOf = (runs: typeof ours = []) => spreadOf(runs.map(run => run.value)).median
        const { factoryCalls, sameValue } = await stampede(server.url)
        return {
          checks: [
            { what: "a hit by one of bentocache's", limit: 1, measured: medianOf(ours) / medianOf(peers.bentocache) },
            { what: '1,000 concurrent misses over two processes: factory calls', limit: 1, measured: factoryCalls },
            { what: 'of those 1,000, callers that got another value', limit: 0, measured: 1_000 - sameValue },
          ],
          extra: {
            ours: spreadsOf(ours),
            ...Object.fromEntries(PEERS.map(name => [name, spreadsOf(peers[name] ?? [])])),
          },
        }
      },
    }
  },
} satisfies Bench
