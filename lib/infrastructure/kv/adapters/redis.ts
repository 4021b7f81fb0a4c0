import type { KvBackend, KvBackends, ListEnd } from '../backend.ts'
import { LIST_MAX } from '../backend.ts'
import { kvErrorOf, notANumber } from '../failures.ts'
import type { Argument, RedisAccess } from './redis-access.ts'
import * as scripts from './redis-scripts.ts'

/** All namespaces of a store are under `{store}:`, on one node of a Cluster. The Redis must not evict keys (`noeviction`). */
export function redisBackends(access: RedisAccess, store: string): KvBackends {
  const prefix = `{${store}}:`
  const run = async <T>(script: string, ...args: Argument[]): Promise<T> => {
    try {
      return await access.run<T>(script, `${prefix}index`, prefix, ...args)
    } catch (error) {
      throw kvErrorOf('Redis', error)
    }
  }
  return {
    in: namespace => redisNamespace(run, `${namespace}:`),
    removeExpired: limit => run<number>(scripts.TIDY, limit),
    async close() {
      access.close()
    },
  }
}

type Run = <T>(script: string, ...args: Argument[]) => Promise<T>

/** A namespace has no colon, so no two of them share a key. */
function redisNamespace(run: Run, within: string): KvBackend {
  return {
    async read(key) {
      const found = await run<[string, string, number] | null>(scripts.READ, within + key)
      if (!found) return undefined
      const [json, version, left] = found
      return { json, version: Number(version), ...(left >= 0 ? { expiresInMs: left } : {}) }
    },
    async readMany(keys) {
      const found = await run<(string | null)[]>(scripts.READ_MANY, ...keys.map(key => within + key))
      return keys.map((_, index) => found[index] ?? undefined)
    },
    async write(key, json, { ttlMs = 0, ifAbsent = false, ifVersion = '' as const }) {
      const version = await run<number | null>(scripts.WRITE, within + key, json, ttlMs, ifAbsent ? 1 : 0, ifVersion)
      return version ?? undefined
    },
    remove: async (key, ifVersion) => (await run<number>(scripts.REMOVE, within + key, ifVersion ?? '')) === 1,
    async increment(key, by, ttlMs = 0) {
      const sum = await run<string | null>(scripts.INCREMENT, within + key, by, ttlMs)
      if (sum === null) throw notANumber()
      return Number(sum)
    },
    async push(key, items, { end, maxLength, ttlMs = 0 }) {
      const length = await run<number>(scripts.PUSH, within + key, end, maxLength, LIST_MAX, ttlMs, ...items)
      return length < 0 ? 'full' : length
    },
    range: (key, from, to) => run<string[]>(scripts.RANGE, within + key, from, to),
    pop: async (key, end: ListEnd) => (await run<string | null>(scripts.POP, within + key, end)) ?? undefined,
    trim: (key, maxLength, end) => run<number>(scripts.TRIM, within + key, maxLength, end),
    async keys(prefix, after, limit) {
      const begin = within + prefix
      const from = after === undefined ? `[${begin}` : `(${within}${after}`
      // 0xff is in no UTF-8 text, so it comes after everything that begins with the prefix.
      const to = Buffer.concat([Buffer.from(`(${begin}`), Buffer.from([0xff])])
      const [last = '', ...keys] = await run<string[]>(scripts.KEYS, from, to, limit)
      const bare = keys.map(key => key.slice(within.length)).filter(key => key.startsWith(prefix))
      return { keys: bare, ...(last === '' ? {} : { last: last.slice(within.length) }) }
    },
    acquire: async (name, ttlMs) => (await run<number | null>(scripts.ACQUIRE, within + name, ttlMs)) ?? undefined,
    renew: async (name, fence, ttlMs) => (await run<number>(scripts.RENEW, within + name, fence, ttlMs)) === 1,
    release: async (name, fence) => (await run<number>(scripts.RELEASE, within + name, fence)) === 1,
  }
}
