import type { Cluster, Redis } from 'ioredis'
import { matcherOf, type Stamp } from '../invalidations.ts'
import type { Announced, Keep, Kept, Restored } from '../layers.ts'
import { RESTORE } from './redis-invalidation-scripts.ts'
import type { RunScript } from './redis-run.ts'

/** Entries restored in one step: each is copied by Redis. */
const STEP = 100

export interface KeptEntries {
  restore(name: string, since: Stamp, options: { signal: AbortSignal }): Promise<Restored | 'none' | 'unknown'>
  discard(name: string): Promise<void>
}

/** Entries that an invalidation has set aside in the same namespace. `missed` answers what was invalidated since. */
export function keptEntries(
  redis: Redis | Cluster,
  prefix: string,
  run: RunScript,
  missed: (since: Stamp) => Promise<{ stamp: Stamp; missed: Announced[] | undefined }>,
): KeptEntries {
  const listOf = (name: string) => `${prefix}kept:${name}`

  return {
    async restore(name, since, { signal }) {
      const listed = await redis.zrange(listOf(name), 0, -1, 'WITHSCORES')
      if (listed.length === 0) return 'none'
      const { stamp, missed: later } = await missed(since)
      if (later === undefined) return 'unknown'
      const covering = later.filter(({ where }) => where.by !== 'tag').map(({ where }) => matcherOf(where))
      const total: Restored = { restored: 0, rewritten: 0, covered: 0, expired: 0, left: 0 }
      for (let at = 0; at < listed.length; at += 2 * STEP) {
        if (signal.aborted) return { ...total, left: (listed.length - at) / 2 }
        const step = listed.slice(at, at + 2 * STEP).flatMap((text, i, all) => {
          if (i % 2 === 0) return [text]
          const subject = { key: all[i - 1] ?? '', tags: [] }
          return [text, covering.some(covers => covers(subject)) ? '1' : '0']
        })
        const answer = await run<[number, number, number, number]>(
          RESTORE,
          '',
          name,
          since.generation,
          since.epoch,
          stamp.epoch,
          ...step,
        )
        const [restored, rewritten, covered, expired] = answer
        total.restored += restored
        total.rewritten += rewritten
        total.covered += covered
        total.expired += expired
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

/** Counts what a sweep sets aside, and says when it has to stop doing so: too much, or Redis refuses. */
export function keepCounters(keep: Keep | undefined) {
  const kept: Kept = { entries: 0, bytes: 0 }
  return {
    /** Arguments of the script: the name to set aside under (empty for none) and for how many ms. */
    get args(): [string, number] {
      return keep === undefined || kept.refused ? ['', 0] : [keep.name, keep.forMs]
    },
    /** Returns whether what was set aside so far is to be discarded. */
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
