import { messageOf } from '../../core/errors.ts'
import type { BreakerReport, BreakerStore } from './port.ts'

/** An open breaker as a store keeps it. Times are ms since the epoch: the monotonic clock does not survive a restart. */
export interface KeptState {
  since: number
  probeAt: number
  tripped: BreakerReport['tripped']
}

const VERSION = 1

/** Writes states behind the calls, the latest of each breaker; a store that fails is a warning once, and no call's error. */
export class StateKeeper {
  readonly #store: BreakerStore
  /** States still to be written, and the breakers whose write is under way. */
  readonly #waiting = new Map<string, string>()
  readonly #writing = new Set<string>()
  #warned = false

  constructor(store: BreakerStore) {
    this.#store = store
  }

  /** Undefined when it was closed, or nothing usable is known. */
  async read(name: string): Promise<KeptState | undefined> {
    try {
      const text = await this.#store.read(name)
      return text === undefined ? undefined : parse(text)
    } catch (error) {
      this.#warn(name, error)
      return undefined
    }
  }

  /** Without a state: it is closed. */
  keep(name: string, state: KeptState | undefined): void {
    this.#waiting.set(name, JSON.stringify({ v: VERSION, state: state ? 'open' : 'closed', ...state }))
    if (!this.#writing.has(name)) void this.#write(name)
  }

  async #write(name: string): Promise<void> {
    this.#writing.add(name)
    for (let state = this.#take(name); state !== undefined; state = this.#take(name)) {
      try {
        await this.#store.write(name, state)
      } catch (error) {
        this.#warn(name, error)
      }
    }
    this.#writing.delete(name)
  }

  #take(name: string): string | undefined {
    const state = this.#waiting.get(name)
    this.#waiting.delete(name)
    return state
  }

  #warn(name: string, error: unknown): void {
    if (this.#warned) return
    this.#warned = true
    process.emitWarning(`The state of breaker ${name} is not kept: ${messageOf(error)}`, 'BreakerStoreWarning')
  }
}

/** Throws for a text that is not what `keep` wrote. A newer version is not understood: then it starts closed. */
function parse(text: string): KeptState | undefined {
  const kept = JSON.parse(text) as Partial<KeptState & { v: number; state: string }> | null
  if (kept?.v !== VERSION) throw new Error('it was written by another version')
  if (kept.state === 'closed') return
  const { since, probeAt, tripped } = kept
  if (!Number.isFinite(since) || !Number.isFinite(probeAt)) throw new Error('what the store returned is no state')
  return { since: since as number, probeAt: probeAt as number, tripped }
}
