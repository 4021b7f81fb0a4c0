import { LRUCache } from 'lru-cache'
import type { Subject } from '../invalidations.ts'
import type { LocalEntry, LocalLayer } from '../layers.ts'
import type { MemoryPressure } from '../memory-pressure.ts'

/** The most entries and bytes, and what lowers that while the process is short of memory. */
export interface MemoryLimits {
  max: number
  maxBytes?: number | undefined
  pressure?: MemoryPressure | undefined
}

/** The least recently used entries go first when there are too many, or they are too large. */
export function memoryLayer({ max, maxBytes, pressure }: MemoryLimits): LocalLayer {
  let bytes = 0
  let evictions = 0
  const entries = new LRUCache<string, LocalEntry>({
    max,
    ...(maxBytes === undefined ? {} : { maxSize: maxBytes, sizeCalculation: entry => Math.max(1, entry.bytes) }),
    dispose(entry, _key, reason) {
      bytes -= entry.bytes
      entry.counts.entries--
      entry.counts.bytes -= entry.bytes
      if (reason !== 'evict') return
      evictions++
      entry.counts.evictions++
    },
  })
  return {
    get: key => entries.get(key),
    peek: key => entries.peek(key),
    set(key, entry) {
      if (maxBytes !== undefined && entry.bytes > maxBytes) {
        // It would displace everything else.
        entries.delete(key)
        evictions++
        entry.counts.evictions++
        return
      }
      entries.set(key, entry)
      bytes += entry.bytes
      entry.counts.entries++
      entry.counts.bytes += entry.bytes
      if (pressure === undefined) return
      pressure.written(bytes)
      while (pressure.ceiling !== undefined && bytes > pressure.ceiling && entries.size > 0) entries.pop()
    },
    delete: key => entries.delete(key),
    drop(key, epoch) {
      const entry = entries.peek(key)
      if (entry !== undefined && entry.epoch < epoch) entries.delete(key)
    },
    purge(matches, epoch) {
      let removed = 0
      for (const [key, entry] of [...entries.entries()]) {
        if (entry.epoch < epoch && matches({ key, tags: entry.tags }) && entries.delete(key)) removed++
      }
      return removed
    },
    keys(matches: (subject: Subject) => boolean) {
      const found: string[] = []
      for (const [key, entry] of entries.entries()) if (matches({ key, tags: entry.tags })) found.push(key)
      return found
    },
    clear() {
      const { size } = entries
      entries.clear()
      return size
    },
    get size() {
      return entries.size
    },
    get bytes() {
      return bytes
    },
    max,
    maxBytes,
    pressure,
    get evictions() {
      return evictions
    },
  }
}
