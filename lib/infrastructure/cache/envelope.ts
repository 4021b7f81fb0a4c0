import type { SharedWrite } from './layers.ts'
import type { Packing } from './packing.ts'

/** What precedes a value in Redis. Durations in ms from the moment of writing; the age is computed from Redis' TTL. */
export interface Envelope {
  /** 2: with something that version 1 does not know, which would serve it wrongly. */
  v: 1 | 2
  /** The namespace's epoch when it was written. */
  epoch: number
  soft: number
  /** Until Redis removes it. */
  hard: number
  /** Until its grace begins; absent: it has none. */
  fresh?: number
  codec: string
  zip?: 'zstd'
  schema?: string
  /** The value is undefined. */
  absent?: true
  /** How long the factory took, ms. */
  made?: number
  /** Of the lease under which it was made. */
  fence?: number
  tags?: string[]
}

/**
 * Everything but the beginning, which the script writes because only the script knows the epoch:
 * `{"epoch":7` + this + line break + the value.
 */
export function envelopeTail(write: SharedWrite, fence: number | undefined): string {
  const { softMs, hardMs, goneMs, codec = 'json', zip, schema, absent, madeInMs, tags } = write
  const graced = goneMs > hardMs
  const rest = {
    v: graced || absent || zip || schema !== undefined || codec !== 'json' ? 2 : 1,
    soft: softMs,
    hard: goneMs,
    codec,
    ...(zip ? { zip } : {}),
    ...(schema === undefined ? {} : { schema }),
    ...(graced ? { fresh: hardMs } : {}),
    ...(absent ? { absent } : {}),
    ...(madeInMs > 0 ? { made: Math.ceil(madeInMs) } : {}),
    ...(fence === undefined ? {} : { fence }),
    ...(tags.length > 0 ? { tags } : {}),
  }
  return `,${JSON.stringify(rest).slice(1)}`
}

/** Parses what Redis returned; undefined for a foreign value, one of another codec, or one of a newer version. */
export function openEnvelope(
  raw: Buffer,
  packing: Packing,
): { envelope: Envelope; value: unknown; bytes: number } | undefined {
  const end = raw.indexOf(10)
  if (end < 0) return undefined
  try {
    const envelope = JSON.parse(raw.toString('utf8', 0, end)) as Envelope
    if (envelope.v > 2 || typeof envelope.epoch !== 'number' || typeof envelope.hard !== 'number') return undefined
    if (envelope.absent) return { envelope, value: undefined, bytes: 0 }
    const { value, size } = packing.unpack(raw.subarray(end + 1), envelope)
    return { envelope, value, bytes: size }
  } catch {
    return undefined
  }
}
