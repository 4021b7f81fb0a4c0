import { createBreakerRegistry } from '../../lib/infrastructure/resilience/index.ts'
import { measure } from '../harness/program.ts'
import { POLICY } from './calls.ts'

const BREAKERS = 10_000
/** Ten seconds each, as the statistics have them: in every slice of theirs there are calls. */
const SLICES = 6
const SLICE_MS = 10_000

interface Failures {
  failureClasses: number
  /** What each message goes on with. */
  about: string
}

/** Bytes of memory for each of many breakers, once they have had calls and failures for a minute. */
measure<Failures>(async ({ failureClasses, about }) => {
  let passed = 0
  const clock = { now: () => 1_800_000_000_000 + passed, monotonic: () => passed }
  const before = await memory()
  const registry = createBreakerRegistry({ clock })
  const { threshold, windowMs, minimumRps, halfOpenAfterMs } = POLICY
  for (let i = 0; i < BREAKERS; i++)
    registry.create({
      name: `dependency-${i}`,
      policy: { kind: 'sampling', threshold, durationMs: windowMs, minimumRps },
      halfOpenAfterMs,
    })
  const breakers = registry.list()
  const idle = await memory()
  for (let slice = 0; slice < SLICES; slice++) {
    for (const breaker of breakers) {
      const call = (took: number) => async () => {
        passed += took
        return 1
      }
      for (const took of [0, 1, 30, 400, 0, 2, 5, 0, 0, 12, 60, 1]) {
        await breaker.execute(call(took))
        passed -= took
      }
      for (let kind = 0; kind < failureClasses; kind++)
        await breaker.execute(() => fail(`${breaker.name} was asked for ${about}`, kind)).catch(() => {})
    }
    if (slice + 1 < SLICES) passed += SLICE_MS
  }
  const used = await memory()
  const stats = registry.get('dependency-7')?.report().stats
  if (stats?.calls !== SLICES * (12 + failureClasses) || stats.failureClasses.length !== failureClasses)
    throw new Error(`These breakers have not had their calls: ${JSON.stringify(stats)}`)
  return { value: (used - before) / BREAKERS, extra: { withoutCalls: (idle - before) / BREAKERS } }
})

/** Each message is a text of its own, as messages with ids and addresses are. */
async function fail(what: string, kind: number): Promise<never> {
  const message = `connect ECONNREFUSED 10.0.0.${kind}:5432 while ${what} ${Math.random()}`
  throw Object.assign(new Error(message), { code: `E${kind}` })
}

async function memory(): Promise<number> {
  // Finalised buffers are released after a turn of the event loop.
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await new Promise(resolve => setImmediate(resolve))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
