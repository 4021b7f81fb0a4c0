import { setTimeout as pause } from 'node:timers/promises'

const FIRST_MS = 15
const LONGEST_MS = 500

/** Pauses between questions that get longer, and vary so that those who wait do not all ask at once; ends early when the signal aborts. */
export class Backoff {
  readonly #keepsAlive: boolean
  #ms = FIRST_MS

  /** `keepsAlive`: whether the process goes on running for these pauses. */
  constructor(keepsAlive = true) {
    this.#keepsAlive = keepsAlive
  }

  /** Pauses for `mostMs` at most. */
  async pause(mostMs: number, signal?: AbortSignal): Promise<void> {
    const ms = Math.min(mostMs, this.#ms * (0.5 + Math.random() / 2))
    this.#ms = Math.min(LONGEST_MS, this.#ms * 2)
    await pause(ms, undefined, { ref: this.#keepsAlive, ...(signal ? { signal } : {}) }).catch(() => {})
  }
}

/** The promise's outcome; rejects earlier with the signal's reason, or with `late()` after `ms`. */
export async function awaited<T>(promise: Promise<T>, ms: number, late: () => Error, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted()
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const timer = Number.isFinite(ms) ? setTimeout(() => reject(late()), Math.max(0, ms)) : undefined
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, ended])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
