import type { Bench } from '../harness/definition.ts'
import { benchRedis } from '../harness/servers.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'
import { measureInvalidation } from './invalidation.ts'
import { stampede } from './stampede.ts'

const PEERS = ['bentocache', 'cacheable', 'cache-manager'] as const

export default {
  summary:
    'a hit in memory with statistics counted, beside bentocache, cacheable and cache-manager; factory calls of a stampede; invalidations beside SCAN and UNLINK',
  unit: 'ns/hit',
  runs: 7,
  async prepare({ say, closing }) {
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
        const invalidation = await measureInvalidation(server.url, say)
        const { seconds, pingP99, clearMs } = invalidation
        const byScan = (by: 'pattern' | 'tag' | 'entity') => seconds[by].median / seconds.scanUnlink.median
        return {
          checks: [
            {
              what: "a hit by one of bentocache's",
              limit: 0.25,
              measured: medianOf(ours) / medianOf(peers.bentocache),
            },
            { what: '1,000 concurrent misses over two processes: factory calls', limit: 1, measured: factoryCalls },
            { what: 'of those 1,000, callers that got another value', limit: 0, measured: 1_000 - sameValue },
            {
              what: '100,000 of 1,000,000 keys by pattern, by SCAN and UNLINK of the same',
              limit: 1.15,
              measured: byScan('pattern'),
            },
            { what: 'p99 of a PING during it, ms', limit: 1.5, measured: pingP99.pattern },
            { what: 'the same keys by tag, by SCAN and UNLINK', limit: 0.35, measured: byScan('tag') },
            { what: 'the same keys by entity, by SCAN and UNLINK', limit: 0.35, measured: byScan('entity') },
            {
              what: 'a whole cache of 1,000,000 until none of it is served, ms',
              limit: 10,
              measured: clearMs.of1000000 ?? Number.NaN,
            },
          ],
          extra: {
            invalidation,
            ours: spreadsOf(ours),
            ...Object.fromEntries(PEERS.map(name => [name, spreadsOf(peers[name] ?? [])])),
          },
        }
      },
    }
  },
} satisfies Bench
