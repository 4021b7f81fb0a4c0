import type { SharedWrite } from './layers.ts'
import { CacheError } from './port.ts'

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
  codec: 'json'
  /** The value is undefined. */
  absent?: true
  /** How long the factory took, ms. */
  made?: number
  /** Of the lease under which it was made. */
  fence?: number
  tags?: string[]
}

/** The value as text. Throws CacheError `CACHE_VALUE` for what JSON cannot express. */
export function encodeValue(key: string, value: unknown): string {
  try {
    const text = JSON.stringify(value)
    if (text !== undefined) return text
  } catch (error) {
    throw new CacheError(`The value for ${key} is not valid JSON: ${String(error)}`, {
      code: 'CACHE_VALUE',
      cause: error,
    })
  }
  throw new CacheError(`The value for ${key} is not valid JSON: ${typeof value}`, { code: 'CACHE_VALUE' })
}

/**
 * Everything but the beginning, which the script writes because only the script knows the epoch:
 * `{"epoch":7` + this + line break + the value.
 */
export function envelopeTail(write: SharedWrite, fence: number | undefined): string {
  const { softMs, hardMs, goneMs, absent, madeInMs, tags } = write
  const graced = goneMs > hardMs
  const rest = {
    v: graced || absent ? 2 : 1,
    soft: softMs,
    hard: goneMs,
    codec: 'json',
    ...(graced ? { fresh: hardMs } : {}),
    ...(absent ? { absent } : {}),
    ...(madeInMs > 0 ? { made: Math.ceil(madeInMs) } : {}),
    ...(fence === undefined ? {} : { fence }),
    ...(tags.length > 0 ? { tags } : {}),
  }
  return `,${JSON.stringify(rest).slice(1)}`
}

/** Parses what Redis returned; undefined for a foreign value, or one of a newer version. */
export function openEnvelope(raw: string): { envelope: Envelope; value: unknown; bytes: number } | undefined {
  const end = raw.indexOf('\n')
  if (end < 0) return undefined
  try {
    const envelope = JSON.parse(raw.slice(0, end)) as Envelope
    if (envelope.v > 2 || envelope.codec !== 'json' || typeof envelope.epoch !== 'number') return undefined
    const value = envelope.absent ? undefined : JSON.parse(raw.slice(end + 1))
    return { envelope, value, bytes: raw.length - end - 1 }
  } catch {
    return undefined
  }
}
