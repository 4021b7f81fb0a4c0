import type { Bench } from '../harness/bench.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'

/** Ours counts totals, keeps a window, and takes an operator's orders: worth something, but not more than the dearer peer asks. */
const PEERS = ['cockatiel', 'opossum']

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
    close: async () => {},
    async conclude({ ours, peers }) {
      const of = (name: string) => spreadOf((peers[name] ?? []).map(run => run.value)).median
      const dearest = Math.max(...PEERS.map(of))
      return {
        checks: [
          {
            what: 'a closed call beside the dearer of the two peers',
            limit: 1,
            measured: spreadOf(ours.map(run => run.value)).median / dearest,
          },
        ],
        extra: {
          ours: spreadsOf(ours),
          ...Object.fromEntries(PEERS.map(name => [name, spreadsOf(peers[name] ?? [])])),
        },
      }
    },
  }),
} satisfies Bench
