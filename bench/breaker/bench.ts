import type { Bench } from '../harness/definition.ts'
import { runFresh } from '../harness/fresh-process.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'

const PEERS = ['cockatiel', 'opossum', 'opossum-defaults'] as const

/** Classes of failures that each breaker has had in the last minute. */
const FAILURE_CLASSES = [1, 2, 8]

export default {
  summary:
    'a call through a closed breaker with its statistics, and through a failing and an open one, beside cockatiel and opossum; memory of 10,000',
  unit: 'ns/call',
  runs: 7,
  prepare: async ({ say }) => ({
    ours: { program: new URL('./ours.ts', import.meta.url) },
    peers: {
      cockatiel: { program: new URL('./cockatiel.ts', import.meta.url) },
      opossum: { program: new URL('./opossum.ts', import.meta.url) },
      'opossum-defaults': { program: new URL('./opossum-defaults.ts', import.meta.url) },
    },
    async conclude({ ours, peers }) {
      const medianOf = (runs: typeof ours = []) => spreadOf(runs.map(run => run.value)).median
      const by = (peer: (typeof PEERS)[number]) => medianOf(ours) / medianOf(peers[peer])
      const bytesEach: Record<string, number> = {}
      for (const failureClasses of FAILURE_CLASSES) {
        say(`memory of breakers with ${failureClasses} classes of failures`)
        const { value, extra } = await runFresh({
          program: new URL('./heap.ts', import.meta.url),
          before: async () => ({ failureClasses }),
        })
        bytesEach.withoutCalls = extra?.withoutCalls ?? Number.NaN
        bytesEach[`with${failureClasses}FailureClasses`] = value
      }
      return {
        checks: [
          { what: "a closed call by one of cockatiel's", limit: 1, measured: by('cockatiel') },
          { what: "a closed call by one of opossum's defaults", limit: 0.25, measured: by('opossum-defaults') },
          {
            what: 'bytes of memory of a breaker that has had calls and failures, of 10,000',
            limit: 3 * 1024,
            measured: bytesEach.with1FailureClasses ?? Number.NaN,
          },
        ],
        extra: {
          bytesEach,
          ours: spreadsOf(ours),
          ...Object.fromEntries(PEERS.map(name => [name, spreadsOf(peers[name] ?? [])])),
        },
      }
    },
  }),
} satisfies Bench
