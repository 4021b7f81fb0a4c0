import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import { runWithTimeout } from './execution.ts'
import { createHold, type Hold } from './hold.ts'
import {
  type Breaker,
  BreakerOpenError,
  type BreakerOptions,
  type BreakerReport,
  type BreakerState,
  type BreakerTransition,
  type CallContext,
  type ForceOptions,
  TimeoutError,
} from './port.ts'
import type { FailureWindow } from './window.ts'

/** What a breaker needs from its registry. `changed` is called at every change of the report, so it must be cheap. */
export interface BreakerSurroundings {
  clock: Clock
  window: FailureWindow
  changed(): void
  announce(transition: BreakerTransition): void
}

/** What the outcome of an admitted call means: it is counted, it is the probe, or it has no effect. */
type Role = 'counted' | 'probe' | 'passing'
type Forced = NonNullable<BreakerReport['forced']>

const UNHURRIED: CallContext = Object.freeze({ signal: new AbortController().signal })

/**
 * The state machine. `computed` follows the calls, `forced` is an operator's hold on top of it. Every change of either
 * begins a new era; the outcome of a call that began in an older era changes totals only, so a late result from
 * before a reset cannot open what was just closed.
 */
export class CircuitBreaker implements Breaker {
  readonly name: string
  readonly options: BreakerOptions
  readonly #around: BreakerSurroundings
  readonly #window: FailureWindow
  readonly #timeoutMs: number | undefined
  readonly #totals = { successes: 0, failures: 0, timeouts: 0, rejected: 0, ignored: 0, opened: 0 }
  #computed: BreakerState = 'closed'
  #since: number
  readonly #hold: Hold
  /** The state of the hold, cached because every call needs it. */
  #forced: Forced | undefined
  #era = 0
  #probing = false
  /** Monotonic ms from which an open breaker lets a probe through. */
  #probeDue = 0
  #lastFailure: { at: number; message: string } | undefined
  #tripped: BreakerReport['tripped']

  constructor(options: BreakerOptions, around: BreakerSurroundings) {
    this.name = options.name
    this.options = options
    this.#around = around
    this.#window = around.window
    this.#timeoutMs = options.timeoutMs
    this.#since = around.clock.now()
    this.#hold = createHold(around.clock, () => this.#unforce('expired'))
  }

  get state(): BreakerState {
    this.#hold.check()
    return this.#effective()
  }

  async execute<T>(call: (context: CallContext) => Promise<T> | T, options?: { signal?: AbortSignal }): Promise<T> {
    const signal = options?.signal
    signal?.throwIfAborted()
    const role = this.#forced === undefined && this.#computed === 'closed' ? 'counted' : this.#admit()
    const era = this.#era
    let value: T
    try {
      value = await (this.#timeoutMs === undefined
        ? call(signal === undefined ? UNHURRIED : { signal })
        : runWithTimeout(this.name, this.#timeoutMs, call, signal))
    } catch (error) {
      this.#failed(error, role, era, signal)
      throw error
    }
    this.#totals.successes++
    if (era === this.#era) {
      if (role === 'counted') this.#window.success()
      else if (role === 'probe') this.#close('probe-succeeded')
    }
    this.#around.changed()
    return value
  }

  force(options: ForceOptions): void {
    this.#hold.check()
    const from = this.#effective()
    this.#hold.begin(options)
    this.#forced = this.#hold.current()
    this.#turn(from, 'forced', options.reason)
  }

  release(id?: string): boolean {
    this.#hold.check()
    if (this.#forced === undefined || (id !== undefined && id !== this.#forced.id)) return false
    this.#unforce('released')
    return true
  }

  reset(): void {
    this.#hold.check()
    const from = this.#effective()
    this.#window.clear()
    this.#tripped = undefined
    this.#computed = 'closed'
    this.#since = this.#around.clock.now()
    this.#turn(from, 'reset')
  }

  report(): BreakerReport {
    this.#hold.check()
    const { name, policy, halfOpenAfterMs, timeoutMs, owner, runbook } = this.options
    const forced = this.#forced
    const frozen = forced !== undefined && forced.state !== 'shadow'
    return {
      name,
      ...(owner === undefined ? {} : { owner }),
      ...(runbook === undefined ? {} : { runbook }),
      policy,
      halfOpenAfterMs,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      computed: { state: this.#computed, since: this.#since, ...(frozen ? { frozenSince: forced.since } : {}) },
      ...(forced === undefined ? {} : { forced }),
      effective: this.#effective(),
      window: this.#window.counts(),
      ...(this.#tripped === undefined ? {} : { tripped: this.#tripped }),
      totals: { ...this.#totals },
      ...(this.#lastFailure === undefined ? {} : { lastFailure: this.#lastFailure }),
      ...(this.#computed === 'open' ? { probeAt: this.#since + halfOpenAfterMs } : {}),
    }
  }

  #effective(): BreakerState {
    if (this.#forced === undefined) return this.#computed
    return this.#forced.state === 'open' ? 'open' : 'closed'
  }

  /** Admission in any state other than plain closed: the call's role, or BreakerOpenError. */
  #admit(): Role {
    this.#hold.check()
    const forced = this.#forced
    if (forced?.state === 'closed') return 'passing'
    if (forced?.state === 'open') {
      const left = this.#hold.remaining()
      throw this.#rejection({ forced: true, ...(left === undefined ? {} : { retryAfterMs: left }) })
    }
    const shadow = forced !== undefined
    if (this.#computed === 'closed') return 'counted'
    if (this.#computed === 'open') {
      const wait = this.#probeDue - this.#around.clock.monotonic()
      if (wait > 0) {
        if (shadow) return 'passing'
        throw this.#rejection({ retryAfterMs: wait })
      }
      this.#enter('half-open', 'probe')
    }
    if (!this.#probing) {
      this.#probing = true
      return 'probe'
    }
    if (shadow) return 'passing'
    throw this.#rejection({})
  }

  #rejection(options: { retryAfterMs?: number; forced?: boolean }): BreakerOpenError {
    this.#totals.rejected++
    this.#around.changed()
    return new BreakerOpenError(this.name, options)
  }

  #failed(error: unknown, role: Role, era: number, signal: AbortSignal | undefined): void {
    const current = era === this.#era
    if (isWithdrawn(error, signal)) {
      // The caller aborted, which says nothing about the dependency: the next call may be the probe.
      this.#totals.ignored++
      if (current && role === 'probe') this.#probing = false
    } else if (this.options.isExpected?.(error)) {
      // The dependency answered; for a probe that counts as a success.
      this.#totals.ignored++
      if (current && role === 'probe') this.#close('probe-succeeded')
    } else {
      this.#totals.failures++
      if (isTimeout(error)) this.#totals.timeouts++
      const message = messageOf(error)
      this.#lastFailure = { at: this.#around.clock.now(), message }
      if (current && role === 'counted' && this.#window.failure()) this.#open('threshold', message)
      else if (current && role === 'probe') this.#open('probe-failed', message)
    }
    this.#around.changed()
  }

  #open(cause: 'threshold' | 'probe-failed', message: string): void {
    this.#probeDue = this.#around.clock.monotonic() + this.options.halfOpenAfterMs
    this.#totals.opened++
    if (cause === 'threshold') this.#tripped = { at: this.#around.clock.now(), ...this.#window.counts() }
    this.#enter('open', cause, message)
  }

  #close(cause: 'probe-succeeded'): void {
    this.#window.clear()
    this.#tripped = undefined
    this.#enter('closed', cause)
  }

  /** Changes the computed state; in shadow, too, the transition reports the computed state. */
  #enter(to: BreakerState, cause: BreakerTransition['cause'], message?: string): void {
    const from = this.#computed
    this.#computed = to
    this.#since = this.#around.clock.now()
    this.#beginEra()
    this.#tell(from, to, cause, message)
  }

  /** An operator's act or its end: the transition reports the effective state, also when that stays the same. */
  #turn(from: BreakerState, cause: BreakerTransition['cause'], message?: string): void {
    this.#beginEra()
    this.#tell(from, this.#effective(), cause, message)
  }

  #beginEra(): void {
    this.#era++
    this.#probing = false
  }

  #tell(from: BreakerState, to: BreakerState, cause: BreakerTransition['cause'], message?: string): void {
    this.#around.changed()
    const at = this.#around.clock.now()
    this.#around.announce({ breaker: this.name, at, from, to, cause, ...(message === undefined ? {} : { message }) })
  }

  #unforce(cause: 'released' | 'expired'): void {
    const from = this.#effective()
    this.#hold.end()
    this.#forced = undefined
    this.#turn(from, cause)
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof TimeoutError || (error instanceof Error && error.name === 'TimeoutError')
}

/** Aborted by the caller. A caller's own timeout is not: it means a slow dependency, and counts. */
function isWithdrawn(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && !isTimeout(error) && !isTimeout(signal.reason)
}
