import { newId } from '../../core/ids.ts'
import type { Lease } from './layers.ts'
import type { SharedAccess } from './shared-access.ts'

/** How long those who wait rely on being woken, ms: the first time, and at most. */
const FIRST_POLL_MS = 25
const LONGEST_POLL_MS = 250

/** The rights of this process to make values, and its waiting for those of others. */
export class Leases {
  readonly #shared: SharedAccess | undefined
  readonly #forMs: number
  readonly #process = newId()
  #asked = 0
  readonly #held = new Set<{ key: string; token: string }>()
  /** Renews all that are held, in one call. */
  #timer: NodeJS.Timeout | undefined
  readonly #waiting = new Map<string, Set<() => void>>()

  constructor(shared: SharedAccess | undefined, forMs: number) {
    this.#shared = shared
    this.#forMs = forMs
  }

  /** Whether values are made by one process at a time. */
  get areTaken(): boolean {
    return this.#shared !== undefined && this.#forMs > 0
  }

  /** What to ask Redis for; leases of several keys may have one token. */
  request(): { token: string; forMs: number } {
    return { token: `${this.#process}:${++this.#asked}`, forMs: this.#forMs }
  }

  /** Keeps a lease until the returned function is called. When that fails the lease expires, and another process takes over. */
  keep(key: string, { token }: Lease): () => void {
    const held = { key, token }
    this.#held.add(held)
    this.#timer ??= setInterval(() => this.#renew([...this.#held], this.#forMs), this.#forMs / 3).unref()
    return () => {
      this.#held.delete(held)
      if (this.#held.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  end(key: string, { token }: Lease): void {
    this.#renew([{ key, token }], 0)
  }

  /** Resolves when the lease of another has ended, or when it is time to ask again: the `poll`th time, `leftMs` before it expires. */
  async wait(key: string, poll: number, leftMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiters = this.#waiting.get(key) ?? new Set()
    this.#waiting.set(key, waiters.add(resolve))
    const pause = Math.min(FIRST_POLL_MS * 2 ** Math.min(poll, 10), LONGEST_POLL_MS, Math.max(1, leftMs + 1))
    const timer = setTimeout(resolve, pause)
    await promise
    clearTimeout(timer)
    waiters.delete(resolve)
    if (waiters.size === 0) this.#waiting.delete(key)
  }

  released(key: string): void {
    for (const wake of this.#waiting.get(key) ?? []) wake()
  }

  #renew(held: readonly { key: string; token: string }[], forMs: number): void {
    this.#shared?.call(shared => shared.renew(held, forMs)).catch(() => undefined)
  }
}
