import type { AdoptedLayerStats } from '../adopted.ts'
import { globMatcher } from '../glob.ts'
import { CacheError } from '../port.ts'

/** The part of Keyv (v5) that is used. */
export interface KeyvLike {
  readonly namespace?: string | undefined
  readonly useKeyPrefix: boolean
  readonly store: unknown
  readonly hooks: {
    addHandler(event: string, handler: (data: unknown) => void): void
    removeHandler(event: string, handler: (data: unknown) => void): void
  }
  delete(key: string): Promise<boolean>
  deleteMany(keys: string[]): Promise<boolean>
  clear(): Promise<void>
  on(event: 'error', listener: (error: unknown) => void): unknown
  off(event: 'error', listener: (error: unknown) => void): unknown
}

/** One Keyv: a layer of its own, or of a cache that is made of several. */
export interface KeyvLayer {
  readonly layer: 'l1' | 'l2'
  /** The name of its store, such as `redis`. */
  readonly store: string
  /** Whether its keys can be listed, and told from those of others. */
  readonly listable: boolean
  /** Whether all of it can be cleared without keys of others. */
  readonly own: boolean
  /** Keyvs without a namespace of their own share this one. */
  readonly inDefaultNamespace: boolean
  stats(): AdoptedLayerStats
  delete(key: string): Promise<void>
  /** Deletes what matches, except keys that begin with one of `except`; everything where keys cannot be listed. */
  deleteMatching(pattern: string, except: readonly string[]): Promise<void>
  clear(): Promise<void>
  /** Rejects when its store fails during it. */
  during(act: () => Promise<unknown>): Promise<void>
  release(): void
}

type StoreIterator = (namespace?: string) => AsyncIterable<[string, unknown]>
interface StoreLike {
  opts?: { dialect?: string; url?: unknown }
  iterator?: StoreIterator
  /** Of cacheable's store in memory. */
  store?: { keys?: Iterable<string>; size?: number }
}

const DELETED_AT_ONCE = 500
const DEFAULT_NAMESPACE = 'keyv'

export function keyvLayer(keyv: KeyvLike): KeyvLayer {
  const store = keyv.store as StoreLike
  const layer = isShared(store) ? 'l2' : 'l1'
  const prefix = keyv.useKeyPrefix && keyv.namespace ? `${keyv.namespace}:` : ''
  const own = layer === 'l1' || Boolean(keyv.namespace)
  const listed = layer === 'l1' ? keysInMemory(store) : listing(store, keyv.namespace)
  const counted = countLookups(keyv)

  return {
    layer,
    store: layer === 'l1' ? 'memory' : (store.opts?.dialect ?? 'a shared store'),
    listable: own && listed !== undefined,
    own,
    inDefaultNamespace: layer === 'l2' && keyv.namespace === DEFAULT_NAMESPACE,
    stats() {
      const { hits, misses } = counted
      const size = layer === 'l1' ? sizeInMemory(store) : undefined
      return { layer, hits, misses, ...(size === undefined ? {} : { size }) }
    },
    delete: key => unlessItFails(keyv, () => keyv.delete(key)),
    deleteMatching: (pattern, except) =>
      unlessItFails(keyv, async () => {
        if (listed === undefined) return keyv.clear()
        const matches = globMatcher(pattern)
        let found: string[] = []
        for await (const stored of listed()) {
          const key = stored.slice(prefix.length)
          if (!stored.startsWith(prefix) || !matches(key) || except.some(begin => key.startsWith(begin))) continue
          found.push(key)
          if (found.length < DELETED_AT_ONCE) continue
          await keyv.deleteMany(found)
          found = []
        }
        if (found.length > 0) await keyv.deleteMany(found)
      }),
    clear: () => unlessItFails(keyv, () => keyv.clear()),
    during: act => unlessItFails(keyv, act),
    release: counted.release,
  }
}

/** Stores on a server or in a file name their dialect or address; those in memory have none. */
const isShared = ({ opts }: StoreLike) => opts?.dialect !== undefined || opts?.url !== undefined

// Keyv's own iterator cuts keys at their first colon, namespace or not: so the store is asked.
function listing(store: StoreLike, namespace: string | undefined) {
  const iterate = store.iterator?.bind(store)
  if (iterate === undefined) return
  return async function* () {
    for await (const [key] of iterate(namespace)) yield key
  }
}

function keysInMemory(store: StoreLike): (() => Iterable<string>) | undefined {
  // Copied, since deleting changes what is iterated.
  if (store instanceof Map) return () => [...store.keys()]
  const { store: memory } = store
  return memory?.keys && (() => [...(memory.keys as Iterable<string>)])
}

const sizeInMemory = (store: StoreLike) => (store instanceof Map ? store.size : store.store?.size)

/** Keyv reports a failure of its store as an event, and answers as if nothing had been there. */
async function unlessItFails(keyv: KeyvLike, act: () => Promise<unknown>): Promise<void> {
  const failures: unknown[] = []
  const heard = (error: unknown) => failures.push(error)
  keyv.on('error', heard)
  try {
    await act()
  } finally {
    keyv.off('error', heard)
  }
  const [cause] = failures
  if (cause !== undefined)
    throw new CacheError(`Its store failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: 'CACHE_UNREACHABLE',
      retryable: true,
      cause,
    })
}

/** Hits and misses by Keyv's hooks, which run whether or not its own statistics are on. */
function countLookups(keyv: KeyvLike) {
  const counted = { hits: 0, misses: 0 }
  const count = (value: unknown) => {
    if (value === undefined || value === null) counted.misses++
    else counted.hits++
  }
  const one = (data: unknown) => count((data as { value: unknown }).value)
  const many = (values: unknown) => (values as unknown[]).forEach(count)
  const handlers: Record<string, (data: unknown) => void> = {
    postGet: one,
    postGetRaw: one,
    postGetMany: many,
    postGetManyRaw: data => many((data as { values: unknown }).values),
  }
  for (const [event, handler] of Object.entries(handlers)) keyv.hooks.addHandler(event, handler)
  return Object.assign(counted, {
    release() {
      for (const [event, handler] of Object.entries(handlers)) keyv.hooks.removeHandler(event, handler)
    },
  })
}
