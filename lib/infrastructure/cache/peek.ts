import { createHmac } from 'node:crypto'
import type { Engine } from './engine.ts'
import { versionOf } from './schema.ts'

/** Above so many bytes a value is not digested: that would hold up the process. */
const DIGESTED_AT_MOST = 4_000_000

/** What the memory of one process has under a key. Durations in ms; below 0, `softMs` means stale and `hardMs` in its grace. */
export interface PeekedCopy {
  epoch: number
  /** Since it was made or set, wherever that was. */
  ageMs: number
  softMs: number
  hardMs: number
  goneMs: number
  /** As text. */
  bytes: number
  /** Of the value, under the salt asked with; absent for a value that is too large or no JSON. */
  digest?: string
  schema?: string
}

export interface Peeked {
  /** The last invalidation applied here. */
  epoch: number
  /** Why memory is not served now; absent: it is. */
  unserved?: string
  copy?: PeekedCopy
}

/** Reads memory without counting a lookup, and without making the entry a recently used one. */
export function peek({ parts, sync, switch: operated }: Engine, key: string, salt: string): Peeked {
  const { local, clock } = parts
  const unserved =
    local === undefined
      ? 'it keeps nothing in memory'
      : operated.isOff
        ? 'it is switched off'
        : sync.trusted
          ? undefined
          : (sync.trouble ?? 'it is catching up with invalidations')
  const entry = local?.peek(key)
  const now = clock.monotonic()
  const known = { epoch: sync.epoch, ...(unserved === undefined ? {} : { unserved }) }
  if (entry === undefined || entry.goneAt <= now) return known
  const digest = entry.bytes > DIGESTED_AT_MOST ? undefined : valueDigest(entry.value, salt)
  const schema = versionOf(entry.schema)
  return {
    ...known,
    copy: {
      epoch: entry.epoch,
      ageMs: Math.max(0, now - entry.storedAt),
      softMs: entry.softAt - now,
      hardMs: entry.hardAt - now,
      goneMs: entry.goneAt - now,
      bytes: entry.bytes - key.length,
      ...(digest === undefined ? {} : { digest }),
      ...(schema === undefined ? {} : { schema }),
    },
  }
}

/**
 * The same for equal values, whatever the order of their fields. Salted, so that digests of small values cannot be looked up
 * in a table. undefined for a value that is no JSON.
 */
export function valueDigest(value: unknown, salt: string): string | undefined {
  try {
    const text = value === undefined ? '' : JSON.stringify(value, sorted)
    return text === undefined ? undefined : createHmac('sha256', salt).update(text).digest('base64url').slice(0, 22)
  } catch {
    // A circle, a BigInt.
    return undefined
  }
}

function sorted(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
