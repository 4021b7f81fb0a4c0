import { KvError } from './port.ts'

const KEY_BYTES = 512
const NAMESPACE = /^[A-Za-z0-9_-]{1,64}$/
/** 30 years: more would not fit into what Redis takes. */
const LONGEST_MS = 30 * 365 * 86_400_000

/** Postgres takes neither NUL nor half a surrogate pair; both are refused everywhere, so that stores are interchangeable. */
export function checkKey(key: string, what = 'A key'): string {
  if (typeof key !== 'string' || key === '' || key.includes('\u0000') || !key.isWellFormed())
    throw new KvError(`${what} must be text with at least one character, without NUL and broken characters`, {
      code: 'KV_KEY',
    })
  if (Buffer.byteLength(key) > KEY_BYTES)
    throw new KvError(`${what} has at most ${KEY_BYTES} bytes`, { code: 'KV_KEY' })
  return key
}

export function checkNamespace(name: string): string {
  if (!NAMESPACE.test(name)) throw new KvError('A namespace has 1 to 64 letters, digits, _ and -', { code: 'KV_KEY' })
  return name
}

/** A time to live, or undefined for none. */
export function checkTtl(ttlMs: number | undefined): { ttlMs?: number } {
  if (ttlMs === undefined) return {}
  if (!Number.isFinite(ttlMs) || ttlMs <= 0 || ttlMs > LONGEST_MS)
    throw new KvError('ttlMs must be a positive number of milliseconds, at most 30 years', { code: 'KV_OPTIONS' })
  return { ttlMs: Math.ceil(ttlMs) }
}

export function checkCount(name: string, value: number, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}): number {
  if (!Number.isSafeInteger(value) || value < min || value > max)
    throw new KvError(`${name} must be a whole number from ${min} to ${max}`, { code: 'KV_OPTIONS' })
  return value
}

/** The value as JSON text of at most `maxBytes`. */
export function jsonOf(value: unknown, maxBytes: number): string {
  const json = textOf(value)
  const bytes = Buffer.byteLength(json)
  if (bytes > maxBytes)
    throw new KvError(`The value has ${bytes} bytes as JSON; the limit is ${maxBytes}`, {
      code: 'KV_TOO_LARGE',
      nextStep: 'Keep it in files or a table, or raise maxValueBytes.',
    })
  return json
}

function textOf(value: unknown): string {
  let json: string | undefined
  try {
    json = JSON.stringify(value)
  } catch (cause) {
    throw new KvError('The value is not valid JSON', { code: 'KV_VALUE', cause })
  }
  if (json === undefined) throw new KvError('The value is not valid JSON', { code: 'KV_VALUE' })
  return json
}
