import { LRUCache } from 'lru-cache'
import type { Subject } from '../invalidations.ts'
import type { LocalEntry, LocalLayer } from '../layers.ts'

/** The least recently used entries go first when there are more than `max`. */
export function memoryLayer(max: number): LocalLayer {
  let bytes = 0
  let evictions = 0
  const entries = new LRUCache<string, LocalEntry>({
    max,
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
    set(key, entry) {
      entries.set(key, entry)
      bytes += entry.bytes
      entry.counts.entries++
      entry.counts.bytes += entry.bytes
    },
    delete: key => entries.delete(key),
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
    get evictions() {
      return evictions
    },
  }
}
