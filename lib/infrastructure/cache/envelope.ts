import { CacheError } from './port.ts'

/** What precedes a value in Redis. Durations in ms from the moment of writing; the age is computed from Redis' TTL. */
export interface Envelope {
  v: 1
  /** The namespace's epoch when it was written. */
  epoch: number
  soft: number
  hard: number
  codec: 'json'
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
 * `{"v":1,"epoch":7` + this + line break + the value.
 */
export function envelopeTail(soft: number, hard: number, tags: readonly string[]): string {
  const rest = JSON.stringify({ soft, hard, codec: 'json', ...(tags.length > 0 ? { tags } : {}) })
  return `,${rest.slice(1)}`
}

/** Parses what Redis returned; undefined for a foreign value, or one of a newer version. */
export function openEnvelope(raw: string): { envelope: Envelope; value: unknown; bytes: number } | undefined {
  const end = raw.indexOf('\n')
  if (end < 0) return undefined
  try {
    const envelope = JSON.parse(raw.slice(0, end)) as Envelope
    if (envelope.v !== 1 || envelope.codec !== 'json' || typeof envelope.epoch !== 'number') return undefined
    return { envelope, value: JSON.parse(raw.slice(end + 1)), bytes: raw.length - end - 1 }
  } catch {
    return undefined
  }
}
