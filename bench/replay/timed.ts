import type { Redis } from 'ioredis'
import type { Measurement } from '../harness/definition.ts'
import { pinged } from '../harness/pinged.ts'
import type { Ask } from '../harness/program.ts'
import { checkReplayed } from './seed.ts'

export interface ReplayInput {
  redisUrl: string
  count: number
}

/** Times one replay of all (seconds), after which each must wait again. */
export async function timed(
  redis: Redis,
  count: number,
  ask: Ask,
  replay: () => Promise<unknown>,
): Promise<Measurement> {
  const measured = await pinged(ask, replay)
  await checkReplayed(redis, count)
  return measured
}
