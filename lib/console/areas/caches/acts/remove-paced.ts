import { setTimeout as pause } from 'node:timers/promises'
import type { InvalidationTarget, SharedLayer } from '../../../../infrastructure/cache/index.ts'

/** Entries are removed so many times a second, a few at a time, so that the origin is not asked for all of a second's at once. */
const SLICES_A_SECOND = 5

interface Removing {
  /** What was made before this moment is removed (ms, Redis time). */
  before: number
  perSecond: number
  signal: AbortSignal
  onRemoved(removed: number): void
}

/**
 * Removes entries one key at a time, from Redis and, by the bus, from every memory; factories of the key that began before are barred.
 * Goes through the keys until nothing is left: what a factory that had begun before stores during a pass is found by the next pass.
 */
export async function removePaced(layer: SharedLayer, where: InvalidationTarget, removing: Removing): Promise<void> {
  const { before, perSecond, signal, onRemoved } = removing
  const size = Math.max(1, Math.round(perSecond / SLICES_A_SECOND))
  for (let found = true; found; ) {
    found = false
    for await (const keys of layer.madeBefore(where, before, { signal })) {
      for (let at = 0; at < keys.length; at += size) {
        signal.throwIfAborted()
        const due = performance.now() + (1_000 * Math.min(size, keys.length - at)) / perSecond
        const removed = await Promise.all(
          keys.slice(at, at + size).map(async key => (await layer.invalidate({ by: 'key', key })).deleted ?? 0),
        )
        found = true
        onRemoved(removed.reduce((sum, one) => sum + one, 0))
        await pause(Math.max(0, due - performance.now()), undefined, { signal })
      }
    }
  }
}
