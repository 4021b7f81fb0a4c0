import type { Bench } from '../harness/definition.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'

const PEERS = ['cockatiel', 'opossum'] as const

export default {
  summary: 'a call through a closed breaker, and through a failing and an open one, beside cockatiel and opossum',
  unit: 'ns/call',
  runs: 7,
  prepare: async () => ({
    ours: { program: new URL('./ours.ts', import.meta.url) },
    peers: {
      cockatiel: { program: new URL('./cockatiel.ts', import.meta.url) },
      opossum: { program: new URL('./opossum.ts', import.meta.url) },
    },
    async conclude({ ours, peers }) {
      const medianOf = (runs: typeof ours = []) => spreadOf(runs.map(run => run.value)).median
      const measured = medianOf(ours) / medianOf(peers.cockatiel)
      return {
        checks: [{ what: "a closed call by one of cockatiel's", limit: 1, measured }],
        extra: {
          ours: spreadsOf(ours),
          ...Object.fromEntries(PEERS.map(name => [name, spreadsOf(peers[name] ?? [])])),
        },
      }
    },
  }),
} satisfies Bench
