import type { Clock } from '../../../core/clock.ts'
import type { Claim, ClaimOptions, Outcome, RecordStore, StoredRecord } from '../record-store.ts'

interface Kept {
  owner: string
  fingerprint: string | undefined
  fence: number
  retry: boolean
  leasedUntil: number
  expiresAt: number
  outcome?: Outcome
}

/** How many expired records each claim removes. */
const REMOVED_PER_CLAIM = 2

/** Records of this process; they end with it. */
export function memoryRecords(clock: Clock): RecordStore {
  const records = new Map<string, Kept>()
  let fences = 0
  const now = () => clock.monotonic()
  const expiryOf = (leaseMs: number, keepMs: number | undefined) =>
    keepMs === undefined ? Number.POSITIVE_INFINITY : now() + leaseMs + keepMs

  function alive(key: string): Kept | undefined {
    const kept = records.get(key)
    if (!kept || kept.expiresAt > now()) return kept
    records.delete(key)
    return undefined
  }
  /** The record while this owner's run is under way. */
  function ownBegun(key: string, owner: string): Kept | undefined {
    const kept = alive(key)
    return kept && !kept.outcome && kept.owner === owner ? kept : undefined
  }
  const stateOf = (kept: Kept) => (kept.leasedUntil > now() ? 'in-flight' : 'unknown')

  function sweep(limit: number): number {
    let removed = 0
    for (const [key, { expiresAt }] of records) {
      if (removed >= limit) break
      if (expiresAt <= now() && records.delete(key)) removed++
    }
    return removed
  }

  return {
    async claim(key, { owner, fingerprint, leaseMs, retry, keepMs }: ClaimOptions): Promise<Claim> {
      sweep(REMOVED_PER_CLAIM)
      const kept = alive(key)
      if (kept) {
        if (kept.fingerprint !== undefined && fingerprint !== undefined && kept.fingerprint !== fingerprint)
          return { kind: 'conflict' }
        if (kept.outcome) return { kind: 'finished', outcome: kept.outcome }
        if (kept.leasedUntil > now()) return { kind: 'in-flight' }
        if (!kept.retry || !retry) return { kind: 'unknown' }
      }
      const fence = ++fences
      const leasedUntil = now() + leaseMs
      records.set(key, { owner, fingerprint, fence, retry, leasedUntil, expiresAt: expiryOf(leaseMs, keepMs) })
      return { kind: 'started', fence }
    },
    async renew(key, owner, leaseMs, keepMs) {
      const kept = ownBegun(key, owner)
      if (kept) Object.assign(kept, { leasedUntil: now() + leaseMs, expiresAt: expiryOf(leaseMs, keepMs) })
      return kept !== undefined
    },
    async finish(key, owner, outcome, ttlMs) {
      const kept = ownBegun(key, owner)
      if (kept) Object.assign(kept, { outcome, expiresAt: now() + ttlMs })
      return kept !== undefined
    },
    async abandon(key, owner) {
      const kept = ownBegun(key, owner)
      if (kept) Object.assign(kept, { leasedUntil: now(), expiresAt: Number.POSITIVE_INFINITY, retry: false })
      return kept !== undefined
    },
    async release(key, owner) {
      return ownBegun(key, owner) !== undefined && records.delete(key)
    },
    async read(key): Promise<StoredRecord | undefined> {
      const kept = alive(key)
      return kept && { fence: kept.fence, ...(kept.outcome ?? { state: stateOf(kept) }) }
    },
    async resolve(key, outcome, ttlMs) {
      const kept = alive(key)
      if (!kept || kept.outcome || stateOf(kept) === 'in-flight') return false
      Object.assign(kept, { outcome, expiresAt: now() + ttlMs })
      return true
    },
    async forget(key) {
      const kept = alive(key)
      if (!kept || (!kept.outcome && stateOf(kept) === 'in-flight')) return false
      return records.delete(key)
    },
    removeExpired: async limit => sweep(limit),
    async close() {
      records.clear()
    },
  }
}
