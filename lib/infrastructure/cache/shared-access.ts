import { messageOf } from '../../core/errors.ts'
import type { Breaker } from '../resilience/index.ts'
import type { SharedLayer } from './layers.ts'
import type { InvalidationTarget } from './port.ts'

/** More unsent invalidations than this are replaced by one of everything. */
const PENDING_MAX = 1_000

/**
 * Redis behind a breaker. Invalidations it could not take are kept, and sent before it is used again, so
 * that what they cover is not served after an outage.
 */
export class SharedAccess {
  readonly #shared: SharedLayer
  readonly #breaker: Breaker
  #pending: InvalidationTarget[] = []
  #sending: Promise<void> | undefined
  #failure: string | undefined

  constructor(shared: SharedLayer, breaker: Breaker) {
    this.#shared = shared
    this.#breaker = breaker
  }

  /** Why the last call failed; undefined when it succeeded. */
  get failure(): string | undefined {
    return this.#failure
  }

  get pending(): number {
    return this.#pending.length
  }

  /** Rejects with the error of the connection or the breaker. */
  async call<T>(use: (shared: SharedLayer) => Promise<T>): Promise<T> {
    try {
      if (this.#pending.length > 0) await this.sendPending()
      const result = await this.#breaker.execute(() => use(this.#shared))
      this.#failure = undefined
      return result
    } catch (error) {
      this.#failure = messageOf(error)
      throw error
    }
  }

  /** For what takes long, such as scanning all keys: without the breaker and its timeout. */
  direct<T>(use: (shared: SharedLayer) => Promise<T>): Promise<T> {
    return use(this.#shared)
  }

  remember(where: InvalidationTarget): void {
    if (this.#pending.some(kept => JSON.stringify(kept) === JSON.stringify(where))) return
    this.#pending.push(where)
    if (this.#pending.length > PENDING_MAX) this.#pending = [{ by: 'all' }]
  }

  sendPending(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  async #send(): Promise<void> {
    for (let where = this.#pending[0]; where !== undefined; where = this.#pending[0]) {
      const sent = where
      const at = await this.#breaker.execute(() => this.#shared.invalidate(sent))
      // Redis does not record patterns: they take effect only by removing the keys.
      if (sent.by === 'pattern') await this.#shared.sweep(sent, at, { signal: AbortSignal.timeout(60_000) })
      this.#pending = this.#pending.filter(kept => kept !== sent)
    }
  }
}
