import type { Redis } from 'ioredis'
import type { Measurement } from '../harness/definition.ts'
import type { Pings } from '../harness/pinger.ts'
import type { Ask } from '../harness/program.ts'
import { checkReplayed } from './seed.ts'

export interface ReplayInput {
  redisUrl: string
  count: number
}

/** Times one replay of all (seconds), while another process sends PINGs to Redis. */
export async function timed(
  redis: Redis,
  count: number,
  ask: Ask,
  replay: () => Promise<unknown>,
): Promise<Measurement> {
  await ask('ping')
  const began = performance.now()
  await replay()
  const value = (performance.now() - began) / 1_000
  const pings = (await ask('stop pinging')) as Pings
  await checkReplayed(redis, count)
  return { value, extra: { pingP50: pings.p50, pingP99: pings.p99, pingMax: pings.max, pings: pings.count } }
}
