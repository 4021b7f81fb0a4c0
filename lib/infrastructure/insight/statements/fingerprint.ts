import { loadAdapter } from '../../../core/load-adapter.ts'
import type { Fingerprint } from '../adapters/fingerprint.ts'

/** Tells by which statements are the same for Postgres, as its own parser reads them. Rejects where that parser is not installed. */
export async function statementFingerprint(): Promise<Fingerprint> {
  const { openFingerprint } = await loadAdapter('Comparing statements', () => import('../adapters/fingerprint.ts'))
  return openFingerprint()
}
