import type { Clock } from '../../../core/clock.ts'
import { type KvBackend, type KvBackends, LIST_MAX, WHOLE_NUMBER } from '../backend.ts'
import { notANumber, wrongKind } from '../failures.ts'

interface Kept {
  json?: string
  items?: string[]
  version: number
  /** By the clock; absent: never. */
  expiresAt?: number
}

/** How many expired entries each write removes, so that what nobody asks for again does not stay. */
const REMOVED_PER_WRITE = 2

/** Everything in this process; it ends with it. */
export function memoryBackends(clock: Clock): KvBackends {
  const namespaces = new Map<string, MemoryNamespace>()
  return {
    in(namespace) {
      const known = namespaces.get(namespace) ?? new MemoryNamespace(clock)
      namespaces.set(namespace, known)
      return known
    },
    async removeExpired(limit) {
      let removed = 0
      for (const namespace of namespaces.values()) removed += namespace.sweep(limit - removed)
      return removed
    },
    async close() {
      namespaces.clear()
    },
  }
}

class MemoryNamespace implements KvBackend {
  readonly #clock: Clock
  readonly #kept = new Map<string, Kept>()
  readonly #locks = new Map<string, { fence: number; expiresAt: number }>()
  #version = 0
  #fence = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Removes up to `limit` expired entries and locks. */
  sweep(limit: number): number {
    const now = this.#clock.monotonic()
    let removed = 0
    for (const expiring of [this.#kept, this.#locks] as Map<string, { expiresAt?: number }>[]) {
      for (const [key, { expiresAt }] of expiring) {
        if (removed >= limit) return removed
        if (expiresAt === undefined || expiresAt > now) continue
        expiring.delete(key)
        removed++
      }
    }
    return removed
  }

  async read(key: string) {
    const kept = this.#alive(key)
    if (!kept) return undefined
    if (kept.json === undefined) throw wrongKind()
    const { json, version, expiresAt } = kept
    return {
      json,
      version,
      ...(expiresAt === undefined ? {} : { expiresInMs: expiresAt - this.#clock.monotonic() }),
    }
  }

  async readMany(keys: readonly string[]) {
    return keys.map(key => this.#alive(key)?.json)
  }

  async write(key: string, json: string, options: { ttlMs?: number; ifAbsent?: boolean; ifVersion?: number }) {
    const now = this.#alive(key)
    if (options.ifAbsent && now) return undefined
    if (options.ifVersion !== undefined && (now?.json === undefined || now.version !== options.ifVersion))
      return undefined
    return this.#put(key, { json }, options.ttlMs).version
  }

  async remove(key: string, ifVersion?: number) {
    const now = this.#alive(key)
    if (!now || (ifVersion !== undefined && (now.json === undefined || now.version !== ifVersion))) return false
    return this.#kept.delete(key)
  }

  async increment(key: string, by: number, ttlMs?: number) {
    const now = this.#alive(key)
    if (now && now.json === undefined) throw wrongKind()
    if (now?.json !== undefined && !WHOLE_NUMBER.test(now.json)) throw notANumber()
    const sum = Number(now?.json ?? 0) + by
    if (!Number.isSafeInteger(sum)) throw notANumber()
    this.#put(key, { json: String(sum) }, now ? undefined : ttlMs, now?.expiresAt)
    return sum
  }

  async push(
    key: string,
    items: readonly string[],
    { end, maxLength, ttlMs }: { end: 'head' | 'tail'; maxLength: number; ttlMs?: number },
  ) {
    const now = this.#alive(key)
    if (now && !now.items) throw wrongKind()
    const all = end === 'tail' ? [...(now?.items ?? []), ...items] : [...items.toReversed(), ...(now?.items ?? [])]
    const next = maxLength > 0 ? cut(all, maxLength, end) : all
    if (next.length > LIST_MAX) return 'full'
    this.#put(key, { items: next }, ttlMs, now?.expiresAt)
    return next.length
  }

  async range(key: string, from: number, to: number) {
    const items = this.#list(key)
    return items.slice(from, to === -1 ? undefined : to + 1)
  }

  async pop(key: string, end: 'head' | 'tail') {
    const items = this.#list(key)
    const item = end === 'head' ? items.shift() : items.pop()
    if (items.length === 0) this.#kept.delete(key)
    return item
  }

  async trim(key: string, maxLength: number, end: 'head' | 'tail') {
    const items = this.#list(key)
    const rest = maxLength === 0 ? [] : cut(items, maxLength, end)
    const kept = this.#kept.get(key)
    if (rest.length === 0) this.#kept.delete(key)
    else if (kept) kept.items = rest
    return rest.length
  }

  async keys(prefix: string, after: string | undefined, limit: number) {
    const found = [...this.#kept.keys()]
      .filter(key => key.startsWith(prefix) && this.#alive(key) && (after === undefined || byBytes(key, after) > 0))
      .sort(byBytes)
    const keys = found.slice(0, limit)
    const last = keys.at(-1)
    return { keys, ...(found.length > limit && last !== undefined ? { last } : {}) }
  }

  async acquire(name: string, ttlMs: number) {
    this.sweep(REMOVED_PER_WRITE)
    if (this.#holder(name) !== undefined) return undefined
    this.#fence += 1
    this.#locks.set(name, { fence: this.#fence, expiresAt: this.#clock.monotonic() + ttlMs })
    return this.#fence
  }

  async renew(name: string, fence: number, ttlMs: number) {
    if (this.#holder(name) !== fence) return false
    this.#locks.set(name, { fence, expiresAt: this.#clock.monotonic() + ttlMs })
    return true
  }

  async release(name: string, fence: number) {
    return this.#holder(name) === fence && this.#locks.delete(name)
  }

  #holder(name: string): number | undefined {
    const lock = this.#locks.get(name)
    return lock && lock.expiresAt > this.#clock.monotonic() ? lock.fence : undefined
  }

  #alive(key: string): Kept | undefined {
    const kept = this.#kept.get(key)
    if (kept?.expiresAt === undefined || kept.expiresAt > this.#clock.monotonic()) return kept
    this.#kept.delete(key)
    return undefined
  }

  #list(key: string): string[] {
    const kept = this.#alive(key)
    if (kept && !kept.items) throw wrongKind()
    return kept?.items ?? []
  }

  #put(key: string, content: { json: string } | { items: string[] }, ttlMs?: number, keptUntil?: number): Kept {
    this.sweep(REMOVED_PER_WRITE)
    const expiresAt = ttlMs === undefined ? keptUntil : this.#clock.monotonic() + ttlMs
    const kept = { ...content, version: ++this.#version, ...(expiresAt === undefined ? {} : { expiresAt }) }
    this.#kept.set(key, kept)
    return kept
  }
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** `maxLength` is at least 1. */
function cut(items: string[], maxLength: number, end: 'head' | 'tail'): string[] {
  return end === 'tail' ? items.slice(-maxLength) : items.slice(0, maxLength)
}
