import { setTimeout as pause } from 'node:timers/promises'
import type { KvBackend } from './backend.ts'
import { checkTtl } from './checks.ts'
import { KvError, type KvLock } from './port.ts'

/** How often a lock that another has is tried again (ms): soon at first, then less often. */
const FIRST_WAIT_MS = 10
const LONGEST_WAIT_MS = 250

/** Tries until it has the lock, `waitMs` have passed (KvError `KV_LOCKED`), or the signal aborts (its reason). */
export async function obtainLock(
  backend: () => KvBackend,
  name: string,
  { ttlMs, waitMs, signal }: { ttlMs: number; waitMs: number; signal: AbortSignal | undefined },
): Promise<KvLock> {
  const until = performance.now() + waitMs
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    signal?.throwIfAborted()
    const fence = await backend().acquire(name, ttlMs)
    if (fence !== undefined) {
      // Whoever no longer waits must not keep the others waiting.
      if (signal?.aborted)
        await backend()
          .release(name, fence)
          .catch(() => {})
      signal?.throwIfAborted()
      return heldLock(backend, name, fence, ttlMs)
    }
    const left = until - performance.now()
    if (left <= 0)
      throw new KvError(`The lock ${name} is held by another`, {
        code: 'KV_LOCKED',
        retryable: true,
        nextStep: 'Try again later, or wait longer (waitMs).',
      })
    // Spread, so that those who wait do not all ask at the same moment.
    await pause(Math.min(left, wait * (0.5 + Math.random() / 2)), undefined, { signal }).catch(() => {})
  }
}

function heldLock(backend: () => KvBackend, name: string, fence: number, ownTtlMs: number): KvLock {
  const release = async () => backend().release(name, fence)
  return {
    name,
    fence,
    async renew(ttlMs = ownTtlMs) {
      const checked = checkTtl(ttlMs).ttlMs ?? ownTtlMs
      if (await backend().renew(name, fence, checked)) return
      throw new KvError(`The lock ${name} expired or was released`, {
        code: 'KV_LOCK_LOST',
        nextStep: 'Stop what it protects, and obtain the lock again.',
      })
    },
    release,
    async [Symbol.asyncDispose]() {
      await release().catch(() => {})
    },
  }
}
