/** What an adapter of the key-value store provides: texts of JSON under checked keys, in one namespace, each call atomic. */
export interface KvBackend {
  read(key: string): Promise<{ json: string; version: number; expiresInMs?: number } | undefined>
  /** In the order of the keys; undefined also for lists. */
  readMany(keys: readonly string[]): Promise<(string | undefined)[]>
  /** The new version; undefined when the condition was not met. */
  write(
    key: string,
    json: string,
    options: { ttlMs?: number; ifAbsent?: boolean; ifVersion?: number },
  ): Promise<number | undefined>
  remove(key: string, ifVersion?: number): Promise<boolean>
  increment(key: string, by: number, ttlMs?: number): Promise<number>
  push(
    key: string,
    items: readonly string[],
    options: { end: ListEnd; maxLength: number; ttlMs?: number },
  ): Promise<Pushed>
  range(key: string, from: number, to: number): Promise<string[]>
  pop(key: string, end: ListEnd): Promise<string | undefined>
  trim(key: string, maxLength: number, end: ListEnd): Promise<number>
  /** Up to `limit` keys after `after`; `last` is where to go on, absent at the end. */
  keys(prefix: string, after: string | undefined, limit: number): Promise<{ keys: string[]; last?: string }>
  /** The fence, or undefined while another has it. */
  acquire(name: string, ttlMs: number): Promise<number | undefined>
  renew(name: string, fence: number, ttlMs: number): Promise<boolean>
  release(name: string, fence: number): Promise<boolean>
}

export type ListEnd = 'head' | 'tail'
/** The length of the list; `full` when it would have had more than LIST_MAX items, and nothing was changed. */
export type Pushed = number | 'full'

/** A backend for each namespace of a store, over the same connection. */
export interface KvBackends {
  in(namespace: string): KvBackend
  removeExpired(limit: number): Promise<number>
  close(): Promise<void>
}

/** The most items of a list: in Postgres it is one row, which every push writes again. */
export const LIST_MAX = 10_000

/** Whole numbers that JavaScript counts exactly, as JSON writes them. */
export const WHOLE_NUMBER = /^-?\d{1,16}$/
