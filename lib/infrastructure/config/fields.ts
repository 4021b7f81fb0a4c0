import { z } from 'zod'
import { Secret } from './secret.ts'

/** Schemas for environment variables, where everything is text. Each can take `.default()` and `.describe()`. */

/** A whole number between the bounds, both included. */
export function integer(bounds: { min?: number; max?: number } = {}) {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds
  return z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
}

/** A TCP port, 0 to 65535; 0 lets the system choose. */
export function port() {
  return integer({ min: 0, max: 65_535 })
}

/** `true/false`, `1/0`, `yes/no`, `on/off`, whatever the case. */
export function boolean() {
  return z
    .string()
    .toLowerCase()
    .refine(text => /^(true|false|1|0|yes|no|on|off)$/.test(text), 'must be true or false')
    .transform(text => /^(true|1|yes|on)$/.test(text))
}

/** A URL of one of the protocols (without the colon), as text; Postgres' own may name several hosts. May contain a password: print it through `maskUrl`. */
export function url(...protocols: string[]) {
  const expected =
    protocols.length > 0
      ? `must be a URL that starts with ${protocols.map(p => `${p}://`).join(' or ')}`
      : 'must be a URL'
  return z.string().refine(text => {
    // postgres://one:5432,two:5432/shop
    const ofOneHost = text.replace(/^(postgres(?:ql)?:\/\/[^/?]*?),[^/?]*/, '$1')
    if (!URL.canParse(ofOneHost)) return false
    return protocols.length === 0 || protocols.includes(new URL(ofOneHost).protocol.slice(0, -1))
  }, expected)
}

/** Text that must not be printed. */
export function secret(options: { minLength?: number } = {}) {
  const { minLength = 1 } = options
  return z
    .string()
    .min(minLength)
    .transform(text => new Secret(text))
}

/** Items between commas, trimmed, without the empty ones. */
export function list() {
  return z.string().transform(text =>
    text
      .split(',')
      .map(item => item.trim())
      .filter(item => item !== ''),
  )
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A duration such as `250ms`, `30s`, `5m`, `2h`, `1d`; a bare number is milliseconds. Gives milliseconds. */
export function duration() {
  return z
    .string()
    .regex(/^\d+(\.\d+)?\s*(ms|s|m|h|d)?$/, 'must be a duration such as 250ms, 30s or 5m')
    .transform(text => {
      const unit = /[a-z]+$/.exec(text)?.[0] ?? 'ms'
      return Math.round(Number.parseFloat(text) * (UNITS[unit] as number))
    })
    .meta({ unit: 'ms' })
}

/** Milliseconds as `duration()` reads them, in the largest unit that comes out even: `5m`. */
export function writtenDuration(ms: number): string {
  const [unit, size] = Object.entries(UNITS).findLast(([, size]) => ms >= size && ms % size === 0) ?? ['ms', 1]
  return `${ms / size}${unit}`
}
