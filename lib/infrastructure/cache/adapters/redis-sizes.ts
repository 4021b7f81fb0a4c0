import type { Cluster, Redis } from 'ioredis'
import type { SizedKey, SizedNamespace, Sizes } from '../layers.ts'
import { namespaceOf } from '../namespaces.ts'
import { answersOf } from './pipeline-answers.ts'

/** Sums up what entries take in Redis, by namespace, and keeps the largest. SCAN may return a key twice. */
export function sizing(redis: Redis | Cluster, start: number, most: number) {
  const seen = new Set<string>()
  const namespaces = new Map<string, SizedNamespace>()
  let keys: SizedKey[] = []
  let bytes = 0
  return {
    async add(found: readonly string[]): Promise<void> {
      const fresh = found.filter(key => !seen.has(key))
      for (const key of fresh) seen.add(key)
      const pipeline = redis.pipeline()
      for (const key of fresh) pipeline.memory('USAGE', key)
      const answers = await answersOf(pipeline)
      for (const [at, full] of fresh.entries()) {
        const size = answers[at]
        // Removed since it was found.
        if (typeof size !== 'number') continue
        const key = full.slice(start)
        const name = namespaceOf(key)
        const sum = namespaces.get(name) ?? { name, entries: 0, bytes: 0 }
        namespaces.set(name, { name, entries: sum.entries + 1, bytes: sum.bytes + size })
        keys.push({ key, bytes: size })
        bytes += size
      }
      keys = keys.sort((a, b) => b.bytes - a.bytes).slice(0, most)
    },
    result(share: number): Sizes {
      const sorted = [...namespaces.values()].sort((a, b) => b.bytes - a.bytes)
      const entries = sorted.reduce((sum, one) => sum + one.entries, 0)
      return { share, entries, bytes, total: sorted.length, namespaces: sorted.slice(0, most), keys }
    },
  }
}
