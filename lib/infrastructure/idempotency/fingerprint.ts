import { createHash } from 'node:crypto'
import { IdempotencyError } from './port.ts'

/** SHA-256 of the body as JSON with sorted properties; undefined when there is no body. Throws IdempotencyError `OPTIONS` for what is not JSON. */
export function fingerprintOf(body: unknown): string | undefined {
  if (body === undefined) return undefined
  let json: string | undefined
  try {
    json = JSON.stringify(body, sorted)
  } catch (cause) {
    throw notJson(cause)
  }
  if (json === undefined) throw notJson()
  return createHash('sha256').update(json).digest('hex')
}

/** Entries instead of a sorted object: objects put properties that look like numbers first, and `__proto__` is none. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined && typeof inner !== 'function')
  return { object: entries.sort(([a], [b]) => (a < b ? -1 : 1)) }
}

const notJson = (cause?: unknown) =>
  new IdempotencyError('The body is not valid JSON, so it cannot be compared', { code: 'OPTIONS', cause })
