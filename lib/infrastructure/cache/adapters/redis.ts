import type { Cluster, Redis } from 'ioredis'
import { jsonCodec } from '../codec.ts'
import { envelopeTail, openEnvelope } from '../envelope.ts'
import type { Stamp } from '../invalidations.ts'
import type { Announced, Lease, SharedEntry, SharedLayer, SharedWrite } from '../layers.ts'
import { Packing } from '../packing.ts'
import { LONGEST_TTL } from '../port.ts'
import { type ExactTarget, exactTarget } from '../targets.ts'
import { INVALIDATE, MISSED } from './redis-invalidation-scripts.ts'
import { keepCounters, keptEntries } from './redis-kept.ts'
import { freshGeneration, scriptsOf } from './redis-run.ts'
import { CLAIM, READ, RENEW, WRITE } from './redis-scripts.ts'
import { sweepingOf } from './redis-sweeping.ts'

/** Parts of CLAIM's answer for each key. */
const CLAIMED = 5

/** A namespace in Redis. The connection is the caller's, and stays open. */
export function redisLayer(redis: Redis | Cluster, namespace: string, packing = new Packing(jsonCodec)): SharedLayer {
  const prefix = `{${namespace}}:`

  const run = scriptsOf(redis, prefix)
  const runBinary = scriptsOf(redis, prefix, { binary: true })

  async function store(entry: SharedWrite, since?: Stamp, lease?: Lease): Promise<{ stored: boolean; stamp: Stamp }> {
    const where: ExactTarget = { by: 'key', key: entry.key }
    const [stored, generation, epoch] = await run<[number, string, number]>(
      WRITE,
      freshGeneration(),
      entry.key,
      JSON.stringify(where),
      envelopeTail(entry, lease?.fence),
      entry.payload,
      Math.ceil(entry.goneMs),
      since?.generation ?? '',
      since?.epoch ?? 0,
      lease?.token ?? '',
      lease?.fence ?? 0,
      ...entry.tags,
    )
    return { stored: stored === 1, stamp: { generation, epoch } }
  }

  async function missed(since: Stamp) {
    const [generation, epoch, lines] = await run<[string, number, string[]]>(MISSED, freshGeneration(), since.epoch)
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

  const sweeping = sweepingOf(redis, prefix, run, forget)

  return {
    async read(keys) {
      const [generation, epoch, time, ...found] = await runBinary<
        [Buffer, number, Buffer, ...(Buffer | number | null)[]]
      >(READ, freshGeneration(), ...keys)
      const entries = keys.map((_, i) => entryOf(found[i * 2], Number(found[i * 2 + 1]), packing))
      return { stamp: { generation: String(generation), epoch }, time: Number(time), entries }
    },
    write: async entry => (await store(entry, undefined)).stamp,
    fill: store,
    async claim({ keys, tags, token, forMs, refresh, codec, schema = '' }) {
      const [generation, epoch, ...answers] = await runBinary<[Buffer, number, ...(Buffer | number | null)[]]>(
        CLAIM,
        freshGeneration(),
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
      const answer = await run<[string, number, string, number, number, number, number, string, number]>(
        INVALIDATE,
        freshGeneration(),
        where.by,
        subject,
        JSON.stringify(where),
        LONGEST_TTL + 60_000,
        ...putting.args,
      )
      const [generation, epoch, generationBefore, epochBefore, deleted, entries, bytes, words, listed] = answer
      const before = { generation: generationBefore, epoch: epochBefore }
      const at = { stamp: { generation, epoch }, before, listed: listed === 1 }
      if (deleted < 0) return at
      if (keep && putting.add(entries, bytes, words)) await forget(keep.name)
      return { ...at, deleted, ...(keep ? { kept: putting.result() } : {}) }
    },
    ...sweeping,
    ...kept,
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
