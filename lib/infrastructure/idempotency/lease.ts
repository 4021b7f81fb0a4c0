import { leaseLost } from './failures.ts'
import type { RecordStore } from './record-store.ts'

export interface Lease {
  /** Whether another process may have taken over. */
  readonly lost: boolean
  stop(): void
}

/**
 * Renews the claim of one run until it is stopped. `onLost` is called when another owner has the record, or, where others may take over, when
 * it could not be renewed for as long as it lasts, by this process' own clock.
 */
export function keepLease(
  store: RecordStore,
  {
    key,
    owner,
    leaseMs,
    keepMs,
    retry,
  }: { key: string; owner: string; leaseMs: number; keepMs?: number; retry: boolean },
  onLost: (error: Error) => void,
): Lease {
  let stopped = false
  let lost = false
  let renewedAt = performance.now()
  let asking = false
  const lose = (cause?: unknown) => {
    if (stopped) return
    lost = true
    stop()
    onLost(leaseLost(key, cause))
  }
  const timer = setInterval(async () => {
    if (retry && performance.now() - renewedAt > leaseMs) return lose()
    if (asking) return
    asking = true
    const asked = performance.now()
    try {
      if (await store.renew(key, owner, leaseMs, keepMs)) renewedAt = asked
      else lose()
    } catch {
      // The store is unreachable: the next turn asks again.
    } finally {
      asking = false
    }
  }, leaseMs / 3)
  function stop() {
    stopped = true
    clearInterval(timer)
  }
  return {
    get lost() {
      return lost
    },
    stop,
  }
}
