import { randomInt } from 'node:crypto'
import type { Redis } from 'ioredis'
import { jsonCodec } from '../codec.ts'
import { envelopeTail, openEnvelope } from '../envelope.ts'
import { escapeGlob } from '../glob.ts'
import type { Stamp } from '../invalidations.ts'
import type {
  Announced,
  Invalidation,
  Keep,
  Lease,
  SetAside,
  SharedEntry,
  SharedLayer,
  SharedWrite,
  Sweeping,
} from '../layers.ts'
import { Packing } from '../packing.ts'
import { type InvalidationTarget, LONGEST_TTL } from '../port.ts'
import { type ExactTarget, exactTarget } from '../targets.ts'
import { keepCounters, keptEntries } from './redis-kept.ts'
import { scriptsOf } from './redis-run.ts'
import { ALIVE, CLAIM, INVALIDATE, MISSED, READ, REAP, RENEW, WRITE } from './redis-scripts.ts'
import { sizing } from './redis-sizes.ts'

/** COUNT of one SCAN step; small enough not to block Redis. */
const SCAN_COUNT = 500
/** Steps after which counting estimates instead of going on: 100,000 keys scanned. */
const COUNTED_STEPS = 200

/** Parts of CLAIM's answer for each key. */
const CLAIMED = 5

/** A namespace in Redis. The connection is the caller's, and stays open. */
export function redisLayer(redis: Redis, namespace: string, packing = new Packing(jsonCodec)): SharedLayer {
  const prefix = `{${namespace}}:`
  const fresh = () => String(randomInt(1, 2 ** 47))

  const run = scriptsOf(redis, prefix)
  const runBinary = scriptsOf(redis, prefix, { binary: true })

  async function* scan(generation: string, pattern: string, signal: AbortSignal): AsyncGenerator<string[]> {
    const match = `${escapeGlob(`${prefix}g${generation}:`)}${pattern}`
    let cursor = '0'
    do {
      signal.throwIfAborted()
      const [next, keys] = await redis.scan(cursor, 'MATCH', match, 'COUNT', SCAN_COUNT)
      yield keys
      cursor = next
    } while (cursor !== '0')
  }

  const shareOf = async (steps: number) => Math.min(1, (steps * SCAN_COUNT) / Math.max(1, await redis.dbsize()))

  const patternOf = (where: ExactTarget) =>
    where.by === 'pattern' ? where.pattern : where.by === 'key' ? escapeGlob(where.key) : '*'
  const tagOf = (where: ExactTarget) => (where.by === 'tag' ? where.tag : '')

  async function store(entry: SharedWrite, since?: Stamp, lease?: Lease): Promise<{ stored: boolean; stamp: Stamp }> {
    const where: ExactTarget = { by: 'key', key: entry.key }
    const began =
      since === undefined ? [] : [since.generation, since.epoch, lease?.token ?? '', lease?.fence ?? 0, ...entry.tags]
    const [stored, generation, epoch] = await run<[number, string, number]>(
      WRITE,
      fresh(),
      entry.key,
      JSON.stringify(where),
      envelopeTail(entry, lease?.fence),
      entry.payload,
      Math.ceil(entry.goneMs),
      ...began,
    )
    return { stored: stored === 1, stamp: { generation, epoch } }
  }

  async function missed(since: Stamp) {
    const [generation, epoch, lines] = await run<[string, number, string[]]>(MISSED, fresh(), since.epoch)
    const stamp = { generation, epoch }
    const missed = lines.map(line => JSON.parse(line) as Announced)
    // A clear changes the generation and is announced; any other change means that Redis lost its data.
    const cleared = missed.filter(({ where }) => where.by === 'all').length
    const continues = BigInt(generation) === BigInt(since.generation) + BigInt(cleared)
    const complete = continues && missed.length === epoch - since.epoch
    return { stamp, missed: complete ? missed : undefined }
  }

  const kept = keptEntries(redis, prefix, run, missed)

  /** What cannot be removed now expires later. */
  const forget = (name: string) => kept.discard(name).catch(() => undefined)

  async function reap(
    target: InvalidationTarget,
    { stamp, before }: Invalidation,
    keep: Keep | undefined,
    options: Sweeping,
  ): Promise<SetAside> {
    const where = exactTarget(target)
    let deleted = 0
    const putting = keepCounters(keep)
    // After a clear the whole old generation is removed; otherwise only what is older than the invalidation.
    const epoch = where.by === 'all' ? -1 : stamp.epoch
    try {
      for await (const keys of scan(before.generation, patternOf(where), options.signal)) {
        if (keys.length === 0) continue
        const answer = await run<[number, number, number, string]>(
          REAP,
          '',
          tagOf(where),
          epoch,
          ...putting.args,
          ...keys,
        )
        const [removed, entries, bytes, words] = answer
        deleted += removed
        options.onProgress?.(deleted)
        if (keep && putting.add(entries, bytes, words)) await forget(keep.name)
      }
    } catch (unfinished) {
      return { deleted, kept: putting.result(), unfinished }
    }
    return { deleted, kept: putting.result() }
  }

  return {
    async read(keys) {
      const [generation, epoch, time, ...found] = await runBinary<
        [Buffer, number, Buffer, ...(Buffer | number | null)[]]
      >(READ, fresh(), ...keys)
      const entries = keys.map((_, i) => entryOf(found[i * 2], Number(found[i * 2 + 1]), packing))
      return { stamp: { generation: String(generation), epoch }, time: Number(time), entries }
    },
    write: async entry => (await store(entry, undefined)).stamp,
    fill: store,
    async claim({ keys, tags, token, forMs, refresh, codec, schema = '' }) {
      const [generation, epoch, ...answers] = await runBinary<[Buffer, number, ...(Buffer | number | null)[]]>(
        CLAIM,
        fresh(),
        token,
        forMs,
        refresh ? 1 : 0,
        codec,
        schema,
        tags.length,
        ...tags,
        ...keys,
      )
      const claimed = keys.map((_, i) => {
        const [raw, left, mine, fence, leftMs] = answers.slice(i * CLAIMED, (i + 1) * CLAIMED)
        const entry = entryOf(raw, Number(left), packing)
        return Number(mine) < 0
          ? { entry }
          : { entry, lease: { mine: mine === 1, fence: Number(fence), leftMs: Number(leftMs) } }
      })
      return { stamp: { generation: String(generation), epoch }, claimed }
    },
    async renew(held, forMs) {
      await run(RENEW, '', forMs, ...held.flatMap(({ key, token }) => [key, token]))
    },
    async invalidate(target, keep) {
      const where = exactTarget(target)
      const subject = where.by === 'key' ? where.key : where.by === 'tag' ? where.tag : ''
      const putting = keepCounters(keep)
      const answer = await run<[string, number, string, number, number, number, number, string]>(
        INVALIDATE,
        fresh(),
        where.by,
        subject,
        JSON.stringify(where),
        LONGEST_TTL + 60_000,
        ...putting.args,
      )
      const [generation, epoch, generationBefore, epochBefore, deleted, entries, bytes, words] = answer
      const at = { stamp: { generation, epoch }, before: { generation: generationBefore, epoch: epochBefore } }
      if (deleted < 0) return at
      if (keep && putting.add(entries, bytes, words)) await forget(keep.name)
      return { ...at, deleted, ...(keep ? { kept: putting.result() } : {}) }
    },
    async sweep(where, at, options) {
      const { deleted, unfinished } = await reap(where, at, undefined, options)
      if (unfinished !== undefined) throw unfinished
      return deleted
    },
    setAside: reap,
    ...kept,
    async count(target, { signal, sample }) {
      const where = exactTarget(target)
      const { generation } = (await this.read([])).stamp
      if (where.by === 'key') {
        const [bytes, ...alive] = await run<[number, ...string[]]>(
          ALIVE,
          '',
          '',
          `${prefix}g${generation}:${where.key}`,
        )
        return { count: alive.length, precision: 'exact', sample: alive.length > 0 ? [where.key] : [], bytes }
      }
      const start = `${prefix}g${generation}:`.length
      // SCAN may return a key twice while the table is being resized.
      const seen = new Set<string>()
      let steps = 0
      let bytes = 0
      for await (const keys of scan(generation, patternOf(where), signal)) {
        if (keys.length > 0) {
          const [size, ...alive] = await run<[number, ...string[]]>(ALIVE, '', tagOf(where), ...keys)
          for (const key of alive) seen.add(key.slice(start))
          bytes += size
        }
        if (++steps < COUNTED_STEPS) continue
        const share = await shareOf(steps)
        const estimate = (counted: number) => Math.round(counted / share)
        const some = [...seen].slice(0, sample)
        return { count: estimate(seen.size), precision: 'sampled', sample: some, bytes: estimate(bytes) }
      }
      return { count: seen.size, precision: 'exact', sample: [...seen].slice(0, sample), bytes }
    },
    async sizes({ signal, most }) {
      const { generation } = (await this.read([])).stamp
      const sizes = sizing(redis, `${prefix}g${generation}:`.length, most)
      let steps = 0
      if (!signal.aborted)
        for await (const keys of scan(generation, '*', signal)) {
          await sizes.add(keys)
          steps++
          if (signal.aborted) return sizes.result(await shareOf(steps))
        }
      return sizes.result(signal.aborted ? 0 : 1)
    },
    missed,
  }
}

function entryOf(raw: Buffer | number | null | undefined, left: number, packing: Packing): SharedEntry | undefined {
  if (!Buffer.isBuffer(raw) || left <= 0) return undefined
  const opened = openEnvelope(raw, packing)
  if (opened === undefined) return undefined
  const { envelope, value, bytes } = opened
  const age = envelope.hard - left
  return {
    value,
    epoch: envelope.epoch,
    ageMs: Math.max(0, age),
    softMs: envelope.soft - age,
    hardMs: (envelope.fresh ?? envelope.hard) - age,
    goneMs: left,
    tags: envelope.tags ?? [],
    bytes,
    madeInMs: envelope.made ?? 0,
    ...(envelope.schema === undefined ? {} : { schema: envelope.schema }),
  }
}
