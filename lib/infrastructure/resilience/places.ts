/**
 * Places for calls at the same time, and a first-in-first-out queue for them. cockatiel's bulkhead has fixed limits, and
 * p-queue gives the place of an aborted call away while the call still runs; these limits change and a place is held until the call ends.
 */
export class Places {
  #limit: number
  #taken = 0
  readonly #waiting = new Set<() => void>()

  constructor(limit: number) {
    this.#limit = limit
  }
  get taken(): number {
    return this.#taken
  }
  get waiting(): number {
    return this.#waiting.size
  }
  get free(): boolean {
    return this.#taken < this.#limit
  }

  /** Resolves once a place is taken. Rejects with the signal's reason when it aborts before; then none is taken. */
  async take(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (this.free) {
      this.#taken++
      return
    }
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.#waiting.delete(enter)
        reject(signal?.reason)
      }
      this.#waiting.add(enter)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  leave(): void {
    this.#taken--
    this.#admit()
  }

  setLimit(limit: number): void {
    this.#limit = limit
    this.#admit()
  }

  #admit(): void {
    for (const enter of this.#waiting) {
      if (!this.free) return
      this.#waiting.delete(enter)
      this.#taken++
      enter()
    }
  }
}
