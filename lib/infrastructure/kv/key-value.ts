import { isDeepStrictEqual } from 'node:util'
import { type KvBackend, type KvBackends, LIST_MAX, type ListEnd } from './backend.ts'
import { checkCount, checkKey, checkNamespace, checkTtl, jsonOf } from './checks.ts'
import { obtainLock } from './lock.ts'
import {
  type KeyValue,
  type KeyValueStore,
  type KvEntry,
  KvError,
  type KvLock,
  type KvLockOptions,
  type KvPushOptions,
  type KvSetOptions,
} from './port.ts'

const CLEAN_EVERY_MS = 60_000

const closed = () => new KvError('This key-value store is closed', { code: 'KV_CLOSED' })

/** What checks and converts, once for all adapters. */
class Namespace implements KeyValue {
  readonly name: string
  readonly #backends: KvBackends
  readonly #maxBytes: number
  readonly #life: { closed: boolean }

  constructor(name: string, backends: KvBackends, maxBytes: number, life: { closed: boolean }) {
    this.name = name
    this.#backends = backends
    this.#maxBytes = maxBytes
    this.#life = life
  }

  get #backend(): KvBackend {
    if (this.#life.closed) throw closed()
    return this.#backends.in(this.name)
  }

  namespace(name: string): KeyValue {
    return new Namespace(`${this.name}/${checkNamespace(name)}`, this.#backends, this.#maxBytes, this.#life)
  }

  async get<T>(key: string): Promise<T | undefined> {
    return (await this.getEntry<T>(key))?.value
  }

  async getEntry<T>(key: string): Promise<KvEntry<T> | undefined> {
    const read = await this.#backend.read(checkKey(key))
    if (!read) return undefined
    const { json, ...rest } = read
    return { value: JSON.parse(json) as T, ...rest }
  }

  async getMany<T>(keys: readonly string[]): Promise<Map<string, T>> {
    const asked = [...new Set(keys.map(key => checkKey(key)))]
    const backend = this.#backend
    const texts = asked.length === 0 ? [] : await backend.readMany(asked)
    return new Map(
      asked.flatMap((key, index) => {
        const json = texts[index]
        return json === undefined ? [] : [[key, JSON.parse(json) as T]]
      }),
    )
  }

  async set(key: string, value: unknown, { ttlMs, ifAbsent, ifVersion }: KvSetOptions = {}) {
    if (ifAbsent && ifVersion !== undefined)
      throw new KvError('ifAbsent and ifVersion exclude each other', { code: 'KV_OPTIONS' })
    return this.#backend.write(checkKey(key), jsonOf(value, this.#maxBytes), {
      ...checkTtl(ttlMs),
      ...(ifAbsent ? { ifAbsent } : {}),
      ...(ifVersion === undefined ? {} : { ifVersion }),
    })
  }

  async compareAndSet(key: string, expected: unknown, value: unknown, options: { ttlMs?: number } = {}) {
    const wanted = expected === undefined ? undefined : JSON.parse(jsonOf(expected, Number.POSITIVE_INFINITY))
    if (wanted === undefined) return (await this.set(key, value, { ...options, ifAbsent: true })) !== undefined
    // Between reading and writing another may have written the same value again: then it is compared again.
    for (;;) {
      const entry = await this.getEntry(key)
      if (!entry || !isDeepStrictEqual(entry.value, wanted)) return false
      if ((await this.set(key, value, { ...options, ifVersion: entry.version })) !== undefined) return true
    }
  }

  async delete(key: string, { ifVersion }: { ifVersion?: number } = {}): Promise<boolean> {
    return this.#backend.remove(checkKey(key), ifVersion)
  }

  async increment(key: string, { by = 1, ttlMs }: { by?: number; ttlMs?: number } = {}): Promise<number> {
    checkCount('by', by, { min: Number.MIN_SAFE_INTEGER })
    return this.#backend.increment(checkKey(key), by, checkTtl(ttlMs).ttlMs)
  }

  async push(key: string, values: readonly unknown[], { end = 'tail', maxLength, ttlMs }: KvPushOptions = {}) {
    const items = values.map(value => jsonOf(value, this.#maxBytes))
    if (items.length === 0) throw new KvError('There is no value to push', { code: 'KV_OPTIONS' })
    if (maxLength !== undefined) checkCount('maxLength', maxLength, { min: 1, max: LIST_MAX })
    const length = await this.#backend.push(checkKey(key), items, {
      end,
      maxLength: maxLength ?? 0,
      ...checkTtl(ttlMs),
    })
    if (length !== 'full') return length
    throw new KvError(`A list has at most ${LIST_MAX} items`, {
      code: 'KV_TOO_LARGE',
      nextStep: 'Push with maxLength, trim the list, or use a queue.',
    })
  }

  async range<T>(key: string, from = 0, to = -1): Promise<T[]> {
    for (const index of [from, to]) checkCount('An index', index, { min: Number.MIN_SAFE_INTEGER })
    return (await this.#backend.range(checkKey(key), from, to)).map(json => JSON.parse(json) as T)
  }

  async pop<T>(key: string, end: ListEnd = 'head'): Promise<T | undefined> {
    const json = await this.#backend.pop(checkKey(key), end)
    return json === undefined ? undefined : (JSON.parse(json) as T)
  }

  async trim(key: string, maxLength: number, end: ListEnd = 'tail'): Promise<number> {
    return this.#backend.trim(checkKey(key), checkCount('maxLength', maxLength), end)
  }

  async keys({ prefix = '', cursor, limit = 100 }: { prefix?: string; cursor?: string; limit?: number } = {}) {
    if (prefix !== '') checkKey(prefix, 'A prefix')
    if (cursor !== undefined) checkKey(cursor, 'A cursor')
    const page = await this.#backend.keys(prefix, cursor, checkCount('limit', limit, { min: 1, max: 10_000 }))
    return { keys: page.keys, ...(page.last === undefined ? {} : { cursor: page.last }) }
  }

  async lock(name: string, { ttlMs, waitMs = 0, signal }: KvLockOptions): Promise<KvLock> {
    const checked = checkTtl(ttlMs).ttlMs ?? 0
    return obtainLock(() => this.#backend, checkKey(name, 'The name of a lock'), { ttlMs: checked, waitMs, signal })
  }
}

/** The store over an adapter; `close` closes the adapter. */
export function keyValueOver(backends: KvBackends, namespace: string, maxValueBytes: number): KeyValueStore {
  const life = { closed: false }
  const root = new Namespace(checkNamespace(namespace), backends, maxValueBytes, life)
  let cleaning: NodeJS.Timeout | undefined
  let closing: Promise<void> | undefined
  let removing: Promise<unknown> | undefined
  const removeExpired = async ({ limit = 1_000 }: { limit?: number } = {}) => {
    if (life.closed) throw closed()
    return backends.removeExpired(checkCount('limit', limit, { min: 1 }))
  }
  return Object.assign(root, {
    removeExpired,
    startCleaning({ everyMs = CLEAN_EVERY_MS, limit = 1_000 }: { everyMs?: number; limit?: number } = {}) {
      clearInterval(cleaning)
      cleaning = setInterval(() => {
        // An unreachable store has nothing to clean; the next turn tries again.
        removing ??= removeExpired({ limit })
          .catch(() => {})
          .finally(() => {
            removing = undefined
          })
      }, everyMs).unref()
    },
    close() {
      clearInterval(cleaning)
      closing ??= Promise.resolve(removing).then(() => {
        life.closed = true
        return backends.close()
      })
      return closing
    },
  })
}
