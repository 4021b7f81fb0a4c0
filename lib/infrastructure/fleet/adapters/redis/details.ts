import type { Redis } from 'ioredis'
import type { FleetSource } from '../../port.ts'
import type { FleetKeys } from '../../protocol/keys.ts'
import { DETAIL_BYTES, DETAIL_EVERY, DETAIL_EXPIRY, DETAIL_REFRESH, PROTOCOL_VERSION } from '../../protocol/limits.ts'
import type { Detail } from '../../protocol/messages.ts'

interface Written {
  source: number
  revision: number
  at: number
}

export interface DetailWriter {
  /** Revision last written of each domain. */
  revisions(): Record<string, number>
  /** Writes the domains that have changed and are due. */
  writeDue(redisNow: number): Promise<void>
  /** Makes the next turn write every domain again: Redis may have lost them. */
  forget(): void
}

/** Writes each domain when its revision has changed, at most every two seconds, and again before it would expire. */
export function detailWriter(redis: Redis, keys: FleetKeys, id: string, sources: FleetSource[]): DetailWriter {
  const written = new Map<string, Written>()
  return {
    revisions: () => Object.fromEntries([...written].map(([domain, { revision }]) => [domain, revision])),
    forget() {
      for (const entry of written.values()) entry.at = Number.NEGATIVE_INFINITY
    },
    async writeDue(redisNow) {
      const now = performance.now()
      await Promise.all(
        sources.map(async source => {
          const last = written.get(source.domain)
          const current = source.revision()
          const age = last ? now - last.at : Number.POSITIVE_INFINITY
          if (last && (age < DETAIL_EVERY || (last.source === current && age < DETAIL_REFRESH))) return
          // Noted before the write, so that two turns do not write the same; undone when the write fails.
          const next = { source: current, revision: (last?.revision ?? 0) + 1, at: now }
          written.set(source.domain, next)
          try {
            const text = encodeDetail(source.items(), next.revision, redisNow)
            await redis.set(keys.detail(id, source.domain), text, 'PX', DETAIL_EXPIRY)
          } catch (error) {
            written.set(source.domain, { ...next, at: Number.NEGATIVE_INFINITY })
            throw error
          }
        }),
      )
    },
  }
}

/** As many items as fit into the limit, in their order; `total` is how many there are. */
export function encodeDetail(items: readonly unknown[], rev: number, at: number): string {
  const kept: string[] = []
  let bytes = 200
  for (const item of items) {
    const text = JSON.stringify(item)
    bytes += Buffer.byteLength(text) + 1
    if (bytes > DETAIL_BYTES) break
    kept.push(text)
  }
  const head: Omit<Detail, 'items'> = { v: PROTOCOL_VERSION, rev, at, total: items.length }
  return `${JSON.stringify(head).slice(0, -1)},"items":[${kept.join(',')}]}`
}
