import type { Contender, Measurement } from '../harness/definition.ts'
import { runFresh } from '../harness/fresh-process.ts'
import { openPinger } from '../harness/pinger.ts'
import { type Spread, spreadOf } from '../harness/statistics.ts'
import { ALL, ENTITY, NAMESPACE, openCache, PATTERN, SOME, seed, TAG } from './keys.ts'

const ROUNDS = 5
/** Sizes of caches that are cleared. */
const CLEARED = [1_000, 100_000, ALL]

const INVALIDATE = new URL('./invalidate.ts', import.meta.url)
const SCAN_UNLINK = new URL('./scan-unlink.ts', import.meta.url)
const CLEAR = new URL('./clear.ts', import.meta.url)

export interface InvalidationFigures {
  /** Seconds for 100,000 of 1,000,000 keys. */
  seconds: Record<'pattern' | 'tag' | 'entity' | 'scanUnlink', Spread>
  /** p99 of a PING during it, ms. */
  pingP99: Record<'idle' | 'pattern' | 'tag' | 'entity' | 'scanUnlink', number>
  /** ms until a whole cache of so many entries is invalidated. */
  clearMs: Record<string, number>
}

/** Invalidates by pattern, tag and entity in turn with SCAN and UNLINK, over the same keys. */
export async function measureInvalidation(
  redisUrl: string,
  say: (words: string) => void,
): Promise<InvalidationFigures> {
  const cache = await openCache(redisUrl)
  const pinger = openPinger(redisUrl)
  try {
    say(`storing ${ALL - SOME} entries`)
    await seed(cache, 'product', ALL - SOME)
    const contender = (program: URL, input: object): Contender => ({
      program,
      async before() {
        await seed(cache, 'sale', SOME)
        return { redisUrl, ...input }
      },
      answers: pinger.answers,
    })
    const sides = {
      pattern: contender(INVALIDATE, { where: { by: 'pattern', pattern: PATTERN } }),
      scanUnlink: contender(SCAN_UNLINK, {}),
      tag: contender(INVALIDATE, { where: { by: 'tag', tag: TAG } }),
      entity: contender(INVALIDATE, { where: { by: 'entity', ...ENTITY } }),
    }
    const runs: Record<keyof typeof sides, Measurement[]> = { pattern: [], scanUnlink: [], tag: [], entity: [] }
    const names = Object.keys(sides) as (keyof typeof sides)[]
    for (let round = 0; round <= ROUNDS; round++)
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(round + turn) % names.length] as keyof typeof sides
        say(`${round === 0 ? 'warming up' : `round ${round} of ${ROUNDS}`}: invalidation, ${name}`)
        const found = await runFresh(sides[name])
        if (round > 0) runs[name].push(found)
      }
    const idle = await pinger.idle()
    const each = <T>(of: (its: Measurement[]) => T) =>
      Object.fromEntries(names.map(name => [name, of(runs[name])])) as Record<keyof typeof sides, T>
    return {
      seconds: each(its => spreadOf(its.map(({ value }) => value))),
      pingP99: {
        idle: idle.p99,
        ...each(its => spreadOf(its.map(({ extra }) => extra?.pingP99 ?? Number.NaN)).median),
      },
      clearMs: await measureClear(redisUrl, say),
    }
  } finally {
    pinger.close()
    await cache.end()
  }
}

async function measureClear(redisUrl: string, say: (words: string) => void): Promise<Record<string, number>> {
  const took: Record<string, number> = {}
  for (const size of CLEARED) {
    say(`clearing a cache of ${size}`)
    const namespace = size === ALL ? NAMESPACE : `clear-${size}`
    const cache = await openCache(redisUrl, namespace)
    await seed(cache, size === ALL ? 'sale' : 'product', size === ALL ? SOME : size)
    await cache.end()
    const before = async () => ({ redisUrl, namespace, last: `product:${Math.min(size, ALL - SOME) - 1}` })
    took[`of${size}`] = (await runFresh({ program: CLEAR, before })).value
  }
  return took
}
