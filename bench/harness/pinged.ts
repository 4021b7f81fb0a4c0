import type { Measurement } from './definition.ts'
import type { Pings } from './pinger.ts'
import type { Ask } from './program.ts'

/** Times some work (seconds), while another process sends PINGs to Redis. */
export async function pinged(ask: Ask, work: () => Promise<unknown>): Promise<Measurement> {
  await ask('ping')
  const began = performance.now()
  await work()
  const value = (performance.now() - began) / 1_000
  const pings = (await ask('stop pinging')) as Pings
  return { value, extra: { pingP50: pings.p50, pingP99: pings.p99, pingMax: pings.max, pings: pings.count } }
}
