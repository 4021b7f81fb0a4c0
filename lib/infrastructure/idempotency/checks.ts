import { fingerprintOf } from './fingerprint.ts'
import { IdempotencyError, type RunOptions } from './port.ts'
import type { ClaimOptions } from './record-store.ts'

const KEY_BYTES = 512
/** A year. */
const LONGEST_MS = 365 * 86_400_000

export function checkKey(key: string): string {
  if (typeof key !== 'string' || key === '' || key.includes('\u0000') || !key.isWellFormed())
    throw new IdempotencyError('A key must be text with at least one character, without NUL and broken characters', {
      code: 'KEY',
    })
  if (Buffer.byteLength(key) > KEY_BYTES)
    throw new IdempotencyError(`A key has at most ${KEY_BYTES} bytes`, { code: 'KEY' })
  return key
}

export function checkMs(name: string, ms: number, min = 1): number {
  if (!Number.isFinite(ms) || ms < min || ms > LONGEST_MS)
    throw new IdempotencyError(`${name} must be a number of milliseconds from ${min} to a year`, { code: 'OPTIONS' })
  return Math.ceil(ms)
}

/** The result as JSON, undefined for undefined. Throws IdempotencyError `VALUE`. */
export function resultJson(value: unknown, maxBytes: number): string | undefined {
  if (value === undefined) return undefined
  let json: string | undefined
  try {
    json = JSON.stringify(value)
  } catch (cause) {
    throw notRecorded('is not valid JSON', cause)
  }
  if (json === undefined) throw notRecorded('is not valid JSON')
  if (Buffer.byteLength(json) > maxBytes) throw notRecorded(`has more than ${maxBytes} bytes as JSON`)
  return json
}

const notRecorded = (why: string, cause?: unknown) =>
  new IdempotencyError(`The result of the work ${why}`, {
    code: 'VALUE',
    cause,
    nextStep:
      'Return what is needed to answer again: ids and a status. The work was done, so its outcome is now unknown.',
  })

export const DAY_MS = 86_400_000
const WAIT_MS = 10_000
const LEASE_MS = 10_000

/** Options with their defaults, checked. */
export interface CheckedOptions {
  fingerprint: string | undefined
  ttlMs: number
  waitMs: number
  signal: AbortSignal | undefined
  keepErrors: RunOptions['keepErrors']
  claim: Omit<ClaimOptions, 'owner'>
}

export function checkOptions(options: RunOptions): CheckedOptions {
  const { body, leaseMs = LEASE_MS, onCrash = 'fail', signal, keepErrors } = options
  const fingerprint = fingerprintOf(body)
  const ttlMs = checkMs('ttlMs', options.ttlMs ?? DAY_MS)
  if (typeof keepErrors === 'number') checkMs('keepErrors', keepErrors)
  const claim = {
    // A third of it is how often it is renewed.
    leaseMs: checkMs('leaseMs', leaseMs, 30),
    retry: onCrash === 'retry',
    ...(fingerprint === undefined ? {} : { fingerprint }),
    // Where nobody may run it again, that it crashed is never forgotten on its own.
    ...(onCrash === 'retry' ? { keepMs: ttlMs } : {}),
  }
  return { fingerprint, ttlMs, waitMs: checkMs('waitMs', options.waitMs ?? WAIT_MS, 0), signal, keepErrors, claim }
}

/** How long this error is kept; undefined: not at all, also when the function that decides fails. */
export function keptFor(error: unknown, keepErrors: RunOptions['keepErrors']): number | undefined {
  try {
    const ms = typeof keepErrors === 'function' ? keepErrors(error) : keepErrors
    return ms === undefined ? undefined : checkMs('keepErrors', ms)
  } catch {
    return undefined
  }
}
