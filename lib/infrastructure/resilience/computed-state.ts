import type { Clock } from '../../core/clock.ts'
import type { KeptState } from './kept-state.ts'
import type { BreakerReport, BreakerState } from './port.ts'

/** The state that follows from the calls: what it is, since when, and when an open breaker may be probed. */
export class ComputedState {
  readonly #clock: Clock
  #state: BreakerState = 'closed'
  #since: number
  /** On the monotonic clock when an open breaker opened, and how long it waits from then before its probe. */
  #openedAt = 0
  #waitMs = 0
  #tripped: BreakerReport['tripped']

  constructor(clock: Clock) {
    this.#clock = clock
    this.#since = clock.now()
  }

  get state(): BreakerState {
    return this.#state
  }

  /** ms until the probe of an open breaker; 0 or less: it is due. */
  get waitLeftMs(): number {
    return this.#openedAt + this.#waitMs - this.#clock.monotonic()
  }

  /** `tripped`: the counts of the window that passed the threshold; without them a probe failed. */
  open(waitMs: number, tripped?: { calls: number; failures: number }): void {
    this.#openedAt = this.#clock.monotonic()
    this.#waitMs = waitMs
    if (tripped !== undefined) this.#tripped = { at: this.#clock.now(), ...tripped }
    this.#enter('open')
  }

  halfOpen(): void {
    this.#enter('half-open')
  }

  close(): void {
    this.#tripped = undefined
    this.#enter('closed')
  }

  /** Of an open breaker: from when it opened. */
  waitFor(waitMs: number): void {
    this.#waitMs = waitMs
  }

  /** Opens it as it was before a restart. */
  restore({ since, probeAt, tripped }: KeptState): void {
    this.#state = 'open'
    this.#since = since
    this.#tripped = tripped
    // A wall clock that jumped back must not keep it open for longer.
    this.#openedAt = this.#clock.monotonic() - Math.max(0, this.#clock.now() - since)
    this.#waitMs = Math.max(0, probeAt - since)
  }

  /** What is to be kept of an open breaker. */
  get kept(): KeptState {
    return { since: this.#since, probeAt: this.#since + this.#waitMs, tripped: this.#tripped }
  }

  /** `frozenSince`: from when an operator's state has been in its place. */
  report(frozenSince: number | undefined): Pick<BreakerReport, 'computed'> {
    const frozen = frozenSince === undefined ? {} : { frozenSince }
    return { computed: { state: this.#state, since: this.#since, ...frozen } }
  }

  reportOpen(): Pick<BreakerReport, 'tripped' | 'probeAt'> {
    return {
      ...(this.#tripped === undefined ? {} : { tripped: this.#tripped }),
      ...(this.#state === 'open' ? { probeAt: this.#since + this.#waitMs } : {}),
    }
  }

  #enter(state: BreakerState): void {
    this.#state = state
    this.#since = this.#clock.now()
  }
}
