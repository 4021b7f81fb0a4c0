import { InfrastructureError } from '../../core/errors.ts'

export interface KvSetOptions {
  /** Time to live in ms; without it the value stays, also when the one before had a time to live. */
  ttlMs?: number
  /** Only if there is nothing under the key. */
  ifAbsent?: boolean
  /** Only if the value under the key still has this version. */
  ifVersion?: number
}

export interface KvEntry<T> {
  value: T
  /** Different for each write of a key, also after it was deleted or expired. */
  version: number
  /** Milliseconds that it will still be there; absent: it does not expire. */
  expiresInMs?: number
}

export interface KvPushOptions {
  /** `tail` (default) or `head`. */
  end?: 'head' | 'tail'
  /** The most items to keep; those at the other end are dropped. */
  maxLength?: number
  /** Time to live of the whole list from now on, in ms; without it the one it has is kept. */
  ttlMs?: number
}

export interface KvLockOptions {
  /** After this time (ms) without `renew` another may have the lock. */
  ttlMs: number
  /** How long to wait for it (ms); 0, the default, rejects at once. */
  waitMs?: number
  signal?: AbortSignal
}

/**
 * A lock that was obtained. It ends on its own after its `ttlMs`, so what it protects should check the fence: a store that
 * refuses a smaller fence than it has seen is safe from a holder that was stopped for too long.
 */
export interface KvLock extends AsyncDisposable {
  readonly name: string
  /** Greater than that of every holder before, of this name, for ever. */
  readonly fence: number
  /** Counts its time from now on again. Rejects with KvError `KV_LOCK_LOST` once another may have it. */
  renew(ttlMs?: number): Promise<void>
  /** Whether it was still held. May be called again. At the end of `await using` an unreachable store is no error: the lock expires. */
  release(): Promise<boolean>
}

/**
 * JSON values, counters, lists and locks under keys, within a namespace. A key has a value or a list; an expired one is gone at once
 * for readers. Rejects with KvError. After `KV_UNREACHABLE` a write may have taken effect or may still do so.
 */
export interface KeyValue {
  /** Such as `orders` or `orders/carts`. */
  readonly name: string
  /** A namespace within this one; 1 to 64 letters, digits, `_` and `-`. Keys and locks of namespaces are apart. */
  namespace(name: string): KeyValue
  /** The value, or undefined. `KV_KIND` when the key has a list. */
  get<T = unknown>(key: string): Promise<T | undefined>
  getEntry<T = unknown>(key: string): Promise<KvEntry<T> | undefined>
  /** Values by key, without keys that have none and those that have lists. One round trip. */
  getMany<T = unknown>(keys: readonly string[]): Promise<Map<string, T>>
  /** Replaces value or list. Resolves with the new version, or undefined when the condition was not met. `KV_VALUE` for what is not JSON. */
  set(key: string, value: unknown, options?: KvSetOptions): Promise<number | undefined>
  /** Sets the value if the present one equals `expected` as JSON (undefined: if there is none). Resolves with whether it did. */
  compareAndSet(key: string, expected: unknown, value: unknown, options?: { ttlMs?: number }): Promise<boolean>
  /** Deletes value or list; whether there was one (with `ifVersion`: of that version). */
  delete(key: string, options?: { ifVersion?: number }): Promise<boolean>
  /**
   * Adds `by` (default 1) to a whole number, which is 0 if there is none, and resolves with the sum. `ttlMs` counts from the
   * first increment on. `KV_NUMBER` for anything but a whole number, and for sums beyond what a number counts exactly.
   */
  increment(key: string, options?: { by?: number; ttlMs?: number }): Promise<number>
  /** Appends to the list, in this order (at the head: the last one is then first). Resolves with its length. `KV_TOO_LARGE` beyond 10,000 items. */
  push(key: string, values: readonly unknown[], options?: KvPushOptions): Promise<number>
  /** Items from index `from` (default 0) to `to`, both included (default: the last); negative ones count from the end. */
  range<T = unknown>(key: string, from?: number, to?: number): Promise<T[]>
  /** Removes and returns the item at the `head` (default) or `tail`; undefined when there is none. A list without items is no key. */
  pop<T = unknown>(key: string, end?: 'head' | 'tail'): Promise<T | undefined>
  /** Keeps the `maxLength` items at the `tail` (default) or `head`. Resolves with the length. */
  trim(key: string, maxLength: number, end?: 'head' | 'tail'): Promise<number>
  /**
   * A page of keys that begin with `prefix`, in the order of their bytes; go on with `cursor` until there is none. A page may have fewer
   * keys than `limit` (100), even none. Keys that exist the whole time are listed exactly once.
   */
  keys(options?: { prefix?: string; cursor?: string; limit?: number }): Promise<{ keys: string[]; cursor?: string }>
  /** Rejects with KvError `KV_LOCKED` when another has it for longer than `waitMs`. */
  lock(name: string, options: KvLockOptions): Promise<KvLock>
}

/** The root of a store: what opened its connections. */
export interface KeyValueStore extends KeyValue {
  /** Frees the space of at most `limit` (1,000) expired entries, of all namespaces within; resolves with how many. */
  removeExpired(options?: { limit?: number }): Promise<number>
  /** Frees the space of expired entries regularly, a bounded number at a time; without it, only `removeExpired` and, in Redis and memory, writes do. */
  startCleaning(options?: { everyMs?: number; limit?: number }): void
  /** Ends the cleaning and closes what was opened here; a connection that was passed in stays open. May be called again. */
  close(): Promise<void>
}

/**
 * What went wrong, for programs: `UNREACHABLE` no answer, try again later; `REFUSED` by the server, such as a missing table; `VALUE`
 * not valid JSON; `TOO_LARGE` a value or a list beyond its limit; `KEY` a key or name that is not allowed; `KIND` a list where a value was
 * meant, or the reverse; `NUMBER` not a whole number; `LOCKED` by another; `LOCK_LOST` it expired; `OPTIONS` invalid ones; `CLOSED`.
 */
export type KvErrorCode = `KV_${
  | 'UNREACHABLE'
  | 'REFUSED'
  | 'VALUE'
  | 'TOO_LARGE'
  | 'KEY'
  | 'KIND'
  | 'NUMBER'
  | 'LOCKED'
  | 'LOCK_LOST'
  | 'OPTIONS'
  | 'CLOSED'}`

export class KvError extends InfrastructureError {
  override readonly code: KvErrorCode
  constructor(
    message: string,
    options: { code: KvErrorCode; retryable?: boolean; nextStep?: string; cause?: unknown },
  ) {
    super(message, options)
    this.code = options.code
  }
}
