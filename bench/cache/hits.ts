import type { Measurement } from '../harness/definition.ts'

/** Memory before Redis where the contender has both; only memory is read. */
export interface HitsInput {
  redisUrl: string
}

export interface Contestant {
  set(key: string, value: unknown): Promise<unknown>
  get(key: string): Promise<unknown>
  /** With a factory that must not run. */
  getOrSet?(key: string): Promise<unknown>
  /** Hits counted so far by the cache's own statistics. */
  hits(): number
}

const KEYS = 1_000
const WARM = 100_000
const CALLS = 500_000

/** ns per hit in memory, as a mean over many, with the statistics on; the hits counted must be the calls made. */
export async function measureHits(cache: Contestant): Promise<Measurement> {
  const keys = Array.from({ length: KEYS }, (_, at) => `product:${at}`)
  for (const [at, key] of keys.entries())
    await cache.set(key, { id: at, name: `product ${at}`, price: at * 100, tags: ['a', 'b'], text: 'x'.repeat(120) })
  const value = await nsPerHit(keys, cache.get)
  const before = cache.hits()
  for (const key of keys) await cache.get(key)
  const counted = cache.hits() - before
  if (counted !== KEYS) throw new Error(`${KEYS} hits were counted as ${counted}`)
  return { value, ...(cache.getOrSet ? { extra: { getOrSet: await nsPerHit(keys, cache.getOrSet) } } : {}) }
}

async function nsPerHit(keys: string[], get: (key: string) => Promise<unknown>): Promise<number> {
  await repeat(keys, get, WARM)
  globalThis.gc?.()
  const began = process.hrtime.bigint()
  await repeat(keys, get, CALLS)
  return Number(process.hrtime.bigint() - began) / CALLS
}

async function repeat(keys: string[], get: (key: string) => Promise<unknown>, times: number): Promise<void> {
  for (let at = 0; at < times; at++) {
    const found = await get(keys[at % KEYS] as string)
    if (found === undefined || found === null) throw new Error('a miss: this would not measure hits')
  }
}

export const refuse = (): never => {
  throw new Error('a factory ran: this would not measure hits')
}
