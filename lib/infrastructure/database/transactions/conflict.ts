import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseError } from '../port.ts'

/** Serialization failure and deadlock: the server has rolled back, and the same work may succeed. https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html */
const CONFLICTS = new Set(['40001', '40P01'])

/** Also one that the work has wrapped in an error of its own. */
export function isConflict(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++)
    if (at instanceof DatabaseError) return CONFLICTS.has(at.sqlState ?? '')
  return false
}

/** Waits by chance up to a bound that doubles, so that two that met do not meet again. */
export async function backOff(attempt: number, backoffMs: number, signal: AbortSignal | undefined): Promise<void> {
  const most = Math.min(backoffMs * 2 ** (attempt - 1), 2_000)
  // A wait that is aborted ends early; the caller then throws the reason of the signal.
  await pause(Math.random() * most, undefined, signal ? { signal } : {}).catch(() => undefined)
}
