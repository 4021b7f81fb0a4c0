import type { Redis } from 'ioredis'
import { matcherOf, type Stamp } from '../invalidations.ts'
import type { Announced, Keep, Kept, PutBack } from '../layers.ts'
import type { RunScript } from './redis-run.ts'
import { PUT_BACK } from './redis-scripts.ts'

/** Entries put back in one step: each is copied by Redis. */
const STEP = 100

export interface KeptEntries {
  putBack(name: string, since: Stamp, options: { signal: AbortSignal }): Promise<PutBack | 'none' | 'untold'>
  discard(name: string): Promise<void>
}

/** Entries that an invalidation has put aside in the same namespace. `missed` tells what was invalidated since. */
export function keptEntries(
  redis: Redis,
  prefix: string,
  run: RunScript,
  missed: (since: Stamp) => Promise<{ stamp: Stamp; missed: Announced[] | undefined }>,
): KeptEntries {
  const listOf = (name: string) => `${prefix}kept:${name}`

  return {
    async putBack(name, since, { signal }) {
      const listed = await redis.zrange(listOf(name), 0, -1, 'WITHSCORES')
      if (listed.length === 0) return 'none'
      const { stamp, missed: later } = await missed(since)
      if (later === undefined) return 'untold'
      const covering = later.filter(({ where }) => where.by !== 'tag').map(({ where }) => matcherOf(where))
      const total: PutBack = { back: 0, anew: 0, covered: 0, gone: 0, left: 0 }
      for (let at = 0; at < listed.length; at += 2 * STEP) {
        if (signal.aborted) return { ...total, left: (listed.length - at) / 2 }
        const step = listed.slice(at, at + 2 * STEP).flatMap((text, i, all) => {
          if (i % 2 === 0) return [text]
          const subject = { key: all[i - 1] ?? '', tags: [] }
          return [text, covering.some(covers => covers(subject)) ? '1' : '0']
        })
        const answer = await run<[number, number, number, number]>(
          PUT_BACK,
          '',
          name,
          since.generation,
          since.epoch,
          stamp.epoch,
          ...step,
        )
        const [back, anew, covered, gone] = answer
        total.back += back
        total.anew += anew
        total.covered += covered
        total.gone += gone
      }
      return total
    },
    async discard(name) {
      const keys = await redis.zrange(listOf(name), 0, -1)
      for (let at = 0; at < keys.length; at += STEP)
        await redis.unlink(...keys.slice(at, at + STEP).map(key => `${listOf(name)}:${key}`))
      await redis.unlink(listOf(name))
    },
  }
}

/** Adds up what a sweep puts aside, and says from when on it no longer should: too much, or Redis would not. */
export function keepCounters(keep: Keep | undefined) {
  const kept: Kept = { entries: 0, bytes: 0 }
  return {
    /** What a script is told: the name to put aside under, or none. */
    get args(): [string, number] {
      return keep === undefined || kept.refused ? ['', 0] : [keep.name, keep.forMs]
    },
    /** Answers whether what was put aside so far is to be discarded. */
    add(entries: number, bytes: number, words: string): boolean {
      if (keep === undefined || kept.refused) return false
      kept.entries += entries
      kept.bytes += bytes
      if (words !== '') kept.refused = { words }
      else if (kept.entries > keep.entries || kept.bytes > keep.bytes) kept.refused = 'too much'
      return kept.refused !== undefined
    },
    result: (): Kept => (kept.refused ? { entries: 0, bytes: 0, refused: kept.refused } : kept),
  }
}
