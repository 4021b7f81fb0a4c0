import type { Bench } from '../harness/definition.ts'
import { runFresh } from '../harness/fresh-process.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'

const PEERS = ['cockatiel', 'opossum', 'opossum-defaults'] as const

/** The failures that each breaker has had in the last minute, by the name of their figure. */
const FAILURES = {
  with1FailureClass: { failureClasses: 1, about: 'order' },
  with2FailureClasses: { failureClasses: 2, about: 'order' },
  with8FailureClasses: { failureClasses: 8, about: 'order' },
  with8AndLongMessages: { failureClasses: 8, about: 'an order of many lines, '.repeat(40) },
  with8AndLongMessagesNotInLatin: { failureClasses: 8, about: 'заказ из многих строк, '.repeat(40) },
}

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
      for (const [name, failures] of Object.entries(FAILURES)) {
        say(`memory of breakers, ${name}`)
        const { value, extra } = await runFresh({
          program: new URL('./heap.ts', import.meta.url),
          before: async () => failures,
        })
        bytesEach.withoutCalls = extra?.withoutCalls ?? Number.NaN
        bytesEach[name] = value
      }
      return {
        checks: [
          { what: "a closed call by one of cockatiel's", limit: 1, measured: by('cockatiel') },
          { what: "a closed call by one of opossum's defaults", limit: 0.25, measured: by('opossum-defaults') },
          {
            what: 'bytes of memory of a breaker, of 10,000, whatever their failures',
            limit: 3 * 1024,
            measured: Math.max(...Object.values(bytesEach)),
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
