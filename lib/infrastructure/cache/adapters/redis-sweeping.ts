import type { Cluster, Redis } from 'ioredis'
import { escapeGlob } from '../../../core/escape-glob.ts'
import type { Invalidation, Keep, SetAside, SharedLayer, Sweeping } from '../layers.ts'
import type { Affected, InvalidationTarget } from '../port.ts'
import { type ExactTarget, exactTarget } from '../targets.ts'
import { ALIVE, LISTED, MADE_BEFORE, REAP, REAP_LISTED, SCAN_AND_REAP } from './redis-invalidation-scripts.ts'
import { keepCounters } from './redis-kept.ts'
import { mastersOf } from './redis-nodes.ts'
import { freshGeneration, type RunScript } from './redis-run.ts'
import { sizing } from './redis-sizes.ts'

/** COUNT of one SCAN step, and entries removed by one script: small enough not to block Redis. */
const SCAN_COUNT = 1_000
const REAPED_AT_ONCE = 250
/** COUNT where the same step removes what it finds. */
const SWEPT_AT_ONCE = 550
/** Setting an entry aside takes several commands. */
const SET_ASIDE_AT_ONCE = 100
/** Keys examined after which counting estimates instead of going on. */
const MOST_COUNTED = 100_000

type Reaped = [removed: number, entries: number, bytes: number, words: string]

/** Finds the entries of a namespace that a target covers: those of a tag by its list, all others by going through the keys. */
export function sweepingOf(
  redis: Redis | Cluster,
  prefix: string,
  run: RunScript,
  forget: (name: string) => Promise<unknown>,
): Pick<SharedLayer, 'sweep' | 'setAside' | 'count' | 'sizes' | 'madeBefore'> {
  const matchOf = (generation: string, pattern: string) => `${escapeGlob(`${prefix}g${generation}:`)}${pattern}`

  async function* scan(match: string, signal: AbortSignal): AsyncGenerator<string[]> {
    // All keys are in one slot, but while that moves to another master they are on both.
    for (const node of mastersOf(redis)) {
      const step = (from: string): Promise<[cursor: string, keys: string[]]> => {
        signal.throwIfAborted()
        return node.scan(from, 'MATCH', match, 'COUNT', SCAN_COUNT)
      }
      for (let next = step('0'), cursor = ''; cursor !== '0'; ) {
        const [following, keys] = await next
        cursor = following
        if (cursor !== '0') {
          // Redis goes on while this step's keys are handled.
          next = step(cursor)
          next.catch(() => undefined)
        }
        yield keys
      }
    }
  }

  async function keysOfRedis(): Promise<number> {
    const sizes = await Promise.all(mastersOf(redis).map(node => node.dbsize()))
    return sizes.reduce((sum, size) => sum + size, 0)
  }

  /** Removes what a tag's invalidation covers, from its list. */
  async function* reapListed(tag: string, { stamp, before }: Invalidation, putting: Putting, signal: AbortSignal) {
    const most = putting.args[0] === '' ? REAPED_AT_ONCE : SET_ASIDE_AT_ONCE
    for (let from = 0, examined = most; examined === most; from += examined) {
      signal.throwIfAborted()
      const args = [JSON.stringify(tag), stamp.epoch, before.generation, ...putting.args, most, from]
      const reaped = await run<[...Reaped, examined: number]>(REAP_LISTED, '', ...args)
      examined = reaped[4]
      yield reaped
    }
  }

  /** Removes what is older than the invalidation; after a clear the whole old generation. */
  async function* reapFound(
    where: ExactTarget,
    { stamp, before }: Invalidation,
    putting: Putting,
    signal: AbortSignal,
  ) {
    const about = () => [tagOf(where), where.by === 'all' ? -1 : stamp.epoch, ...putting.args]
    const match = matchOf(before.generation, patternOf(where))
    if (mastersOf(redis)[0] !== redis) {
      // In a Cluster a script finds only what is on its own master.
      for await (const keys of scan(match, signal)) {
        const atOnce = putting.args[0] === '' ? REAPED_AT_ONCE : SET_ASIDE_AT_ONCE
        for (let at = 0; at < keys.length; at += atOnce)
          yield await run<Reaped>(REAP, '', ...about(), ...keys.slice(at, at + atOnce))
      }
      return
    }
    let cursor = ''
    while (cursor !== '0') {
      signal.throwIfAborted()
      const count = putting.args[0] === '' ? SWEPT_AT_ONCE : SET_ASIDE_AT_ONCE
      const reaped = await run<[...Reaped, cursor: string]>(SCAN_AND_REAP, '', ...about(), cursor || '0', match, count)
      cursor = reaped[4]
      yield reaped
    }
  }

  async function reap(
    target: InvalidationTarget,
    at: Invalidation,
    keep: Keep | undefined,
    { signal, onProgress }: Sweeping,
  ): Promise<SetAside> {
    const where = exactTarget(target)
    const putting = keepCounters(keep)
    let deleted = 0
    try {
      const listed = where.by === 'tag' && at.listed
      const steps = listed ? reapListed(where.tag, at, putting, signal) : reapFound(where, at, putting, signal)
      for await (const [removed, entries, bytes, words] of steps) {
        deleted += removed
        onProgress?.(deleted)
        if (keep && putting.add(entries, bytes, words)) await forget(keep.name)
      }
    } catch (unfinished) {
      return { deleted, kept: putting.result(), unfinished }
    }
    return { deleted, kept: putting.result() }
  }

  /** Steps of full keys, how many were examined to find them, and the number of all that would have to be. */
  async function* candidates(where: ExactTarget, signal: AbortSignal): AsyncGenerator<Candidates> {
    const [generation, list] = await run<[string, string | null]>(LISTED, freshGeneration(), tagOf(where))
    const start = `${prefix}g${generation}:`
    if (where.by === 'key') {
      yield { keys: [start + where.key], examined: 1, all: async () => 1 }
    } else if (where.by === 'tag' && list !== null) {
      for (let at = 0, keys = ['']; keys.length > 0; at += keys.length) {
        signal.throwIfAborted()
        keys = await redis.zrange(list, at, at + REAPED_AT_ONCE - 1)
        yield { keys: keys.map(key => start + key), examined: keys.length, all: () => redis.zcard(list) }
      }
    } else {
      for await (const keys of scan(matchOf(generation, patternOf(where)), signal))
        yield { keys, examined: SCAN_COUNT, all: keysOfRedis }
    }
  }

  const keyOf = (full: string) => full.slice(full.indexOf(':', prefix.length) + 1)

  async function count(
    target: InvalidationTarget,
    { signal, sample }: { signal: AbortSignal; sample: number },
  ): Promise<Affected> {
    const where = exactTarget(target)
    // SCAN may return a key twice while the table is being resized.
    const seen = new Set<string>()
    let bytes = 0
    let examined = 0
    let share = 1
    for await (const { keys, examined: more, all } of candidates(where, signal)) {
      if (keys.length > 0) {
        const [size, ...alive] = await run<[number, ...string[]]>(ALIVE, '', tagOf(where), ...keys)
        for (const key of alive) seen.add(key)
        bytes += size
      }
      examined += more
      if (examined < MOST_COUNTED) continue
      share = Math.min(1, examined / Math.max(1, await all()))
      break
    }
    return {
      count: Math.round(seen.size / share),
      precision: share < 1 ? 'sampled' : 'exact',
      sample: [...seen].slice(0, sample).map(keyOf),
      bytes: Math.round(bytes / share),
    }
  }

  async function sizes({ signal, most }: Parameters<SharedLayer['sizes']>[0]) {
    const [generation] = await run<[string]>(LISTED, freshGeneration(), '')
    const found = sizing(redis, `${prefix}g${generation}:`.length, most)
    let examined = 0
    if (!signal.aborted)
      for await (const keys of scan(matchOf(generation, '*'), signal)) {
        await found.add(keys)
        examined += SCAN_COUNT
        if (signal.aborted) return found.result(Math.min(1, examined / Math.max(1, await keysOfRedis())))
      }
    return found.result(signal.aborted ? 0 : 1)
  }

  return {
    async sweep(where, at, options) {
      const { deleted, unfinished } = await reap(where, at, undefined, options)
      if (unfinished !== undefined) throw unfinished
      return deleted
    },
    setAside: reap,
    count,
    async *madeBefore(target, before, { signal }) {
      const where = exactTarget(target)
      for await (const { keys } of candidates(where, signal)) {
        if (keys.length === 0) continue
        const made = await run<string[]>(MADE_BEFORE, '', tagOf(where), before, ...keys)
        if (made.length > 0) yield made.map(keyOf)
      }
    },
    sizes,
  }
}

interface Candidates {
  keys: string[]
  examined: number
  all(): Promise<number>
}

type Putting = ReturnType<typeof keepCounters>

const patternOf = (where: ExactTarget) =>
  where.by === 'pattern' ? where.pattern : where.by === 'key' ? escapeGlob(where.key) : '*'
const tagOf = (where: ExactTarget) => (where.by === 'tag' ? where.tag : '')
