import type { Affected } from './port.ts'

/**
 * Keys of a Redis that were not written by this library: they are found by a glob (`session:*`) and can be counted and removed,
 * nothing else. Every method rejects with the connection's own error.
 */
export interface Keyspace {
  /** How many keys match, with the Redis types of those sampled. Never blocks Redis: past a limit it estimates. */
  count(
    pattern: string,
    options: { signal: AbortSignal; sample: number },
  ): Promise<Affected & { types: Record<string, number> }>
  /** Removes what matches, a few hundred keys a step. Resolves with the number removed; rejects when aborted, without undoing. */
  unlink(
    pattern: string,
    options: { signal: AbortSignal; onProgress?: (deleted: number) => void | Promise<void> },
  ): Promise<number>
}
