import { keepRenewed, type Renewal } from '../../core/renewal.ts'
import { leaseLost } from './failures.ts'
import type { RecordStore } from './record-store.ts'

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
): Renewal {
  return keepRenewed({ renew: () => store.renew(key, owner, leaseMs, keepMs), leaseMs, expires: retry }, () =>
    onLost(leaseLost(key)),
  )
}
