import { runWithTimeout } from './execution.ts'
import { Hold } from './hold.ts'
import type { KeptState, StateKeeper } from './kept-state.ts'
import { Outcomes, type Verdict } from './outcomes.ts'
import {
  type Breaker,
  BreakerOpenError,
  type BreakerOptions,
  type BreakerReport,
  type BreakerState,
  type BreakerTransition,
  type CallContext,
  type ForcedState,
  type ForceOptions,
  type PolicyChange,
} from './port.ts'
import { RulesInForce, type RulesSurroundings } from './rules-in-force.ts'

/** What a breaker needs from its registry. `changed` is called at every change of the report, so it must be cheap. */
export interface BreakerSurroundings extends RulesSurroundings {
  keeper: StateKeeper | undefined
  changed(): void
  announce(transition: BreakerTransition): void
}

/** What the outcome of an admitted call means: it is counted, it is the probe, or it has no effect. */
type Role = 'counted' | 'probe' | 'passing'

const UNHURRIED: CallContext = Object.freeze({ signal: new AbortController().signal })

/**
 * The state machine. `computed` follows the calls, `forced` is an operator's hold on top of it. Every change of either
 * begins a new era; the outcome of a call that began in an older era changes totals and statistics only, so a late result
 * from before a reset cannot open what was just closed.
 */
export class CircuitBreaker implements Breaker {
  readonly name: string
  readonly options: BreakerOptions
  readonly #around: BreakerSurroundings
  readonly #rules: RulesInForce
  readonly #outcomes: Outcomes
  /** Allocated with the first force. */
  #hold: Hold<{ state: ForcedState }> | undefined
  #computed: BreakerState = 'closed'
  #since: number
  /** Closed, and nothing overridden: calls are admitted without looking further. */
  #plain = true
  #era = 0
  #probing = false
  /** On the monotonic clock when an open breaker opened, and how long it waits from then before its probe. */
  #openedAt = 0
  #waitMs = 0
  /** Whether a state read from the store is still news: nothing has changed the computed one. */
  #restorable = true
  #tripped: BreakerReport['tripped']

  constructor(options: BreakerOptions, around: BreakerSurroundings) {
    this.name = options.name
    this.options = options
    this.#around = around
    this.#rules = new RulesInForce(options, around)
    this.#outcomes = new Outcomes(options, around.clock)
    this.#since = around.clock.now()
  }

  get state(): BreakerState {
    this.#check()
    return this.#effective()
  }

  async execute<T>(call: (context: CallContext) => Promise<T> | T, options?: { signal?: AbortSignal }): Promise<T> {
    const signal = options?.signal
    signal?.throwIfAborted()
    const role = this.#plain ? 'counted' : this.#admit()
    const era = this.#era
    const { timeoutMs } = this.#rules
    const began = this.#outcomes.begin()
    let value: T
    try {
      value = await (timeoutMs === undefined
        ? call(signal === undefined ? UNHURRIED : { signal })
        : runWithTimeout(this.name, timeoutMs, call, signal))
    } catch (error) {
      const verdict = this.#outcomes.failed(error, began, signal)
      if (era === this.#era) this.#judge(verdict, role)
      this.#around.changed()
      throw error
    }
    const fault = this.#outcomes.succeeded(began)
    if (era === this.#era) {
      if (fault !== undefined) this.#counts(role, fault)
      else if (role === 'counted') this.#rules.window.success()
      else if (role === 'probe') this.#close()
    }
    this.#around.changed()
    return value
  }

  force(options: ForceOptions): void {
    this.#check()
    const from = this.#effective()
    this.#hold ??= new Hold(this.#around.clock, () => this.#unforce('expired'))
    this.#hold.begin({ state: options.state }, options)
    this.#turn(from, 'forced', options.reason)
  }

  release(id?: string): boolean {
    this.#check()
    if (!this.#hold?.isHeldBy(id)) return false
    this.#unforce('released')
    return true
  }

  reset(): void {
    this.#check()
    const from = this.#effective()
    this.#rules.window.clear()
    this.#tripped = undefined
    this.#computed = 'closed'
    this.#since = this.#around.clock.now()
    this.#keep()
    this.#turn(from, 'reset')
  }

  changePolicy(change: PolicyChange): void {
    this.#check()
    this.#rules.change(change, () => this.#rulesChanged())
    this.#rulesChanged()
  }

  restorePolicy(id?: string): boolean {
    this.#check()
    if (!this.#rules.restore(id)) return false
    this.#rulesChanged()
    return true
  }

  /** Opens it as it was before a restart, unless its calls or an operator have changed the computed state since. */
  restore({ since, probeAt, tripped }: KeptState): void {
    if (!this.#restorable) return
    this.#check()
    const { clock } = this.#around
    const from = this.#effective()
    this.#computed = 'open'
    this.#since = since
    this.#tripped = tripped
    // A wall clock that jumped back must not keep it open for longer.
    this.#openedAt = clock.monotonic() - Math.max(0, clock.now() - since)
    this.#waitMs = Math.max(0, probeAt - since)
    this.#turn(from, 'restored')
  }

  report(): BreakerReport {
    this.#check()
    const { name, owner, runbook } = this.options
    const forced = this.#hold?.current
    const frozen = forced !== undefined && forced.state !== 'shadow'
    return {
      name,
      ...(owner === undefined ? {} : { owner }),
      ...(runbook === undefined ? {} : { runbook }),
      ...this.#rules.report(),
      computed: { state: this.#computed, since: this.#since, ...(frozen ? { frozenSince: forced.since } : {}) },
      ...(forced === undefined ? {} : { forced }),
      effective: this.#effective(),
      window: this.#rules.window.counts(),
      ...(this.#tripped === undefined ? {} : { tripped: this.#tripped }),
      ...(this.#computed === 'open' ? { probeAt: this.#since + this.#waitMs } : {}),
      ...this.#outcomes.report(),
    }
  }

  #check(): void {
    this.#hold?.check()
    this.#rules.check()
  }

  #effective(): BreakerState {
    const forced = this.#hold?.current
    if (forced === undefined) return this.#computed
    return forced.state === 'open' ? 'open' : 'closed'
  }

  /** Admission in any state other than plain closed: the call's role, or BreakerOpenError. */
  #admit(): Role {
    this.#check()
    const forced = this.#hold?.current
    if (forced?.state === 'closed') return 'passing'
    if (forced?.state === 'open') {
      const left = this.#hold?.remaining
      throw this.#rejection({ forced: true, ...(left === undefined ? {} : { retryAfterMs: left }) })
    }
    const shadow = forced !== undefined
    if (this.#computed === 'closed') return 'counted'
    if (this.#computed === 'open') {
      const wait = this.#openedAt + this.#waitMs - this.#around.clock.monotonic()
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
    this.#outcomes.rejected()
    this.#around.changed()
    return new BreakerOpenError(this.name, options)
  }

  /** What an error of this era leads to. After a withdrawn probe the next call may be the probe. */
  #judge(verdict: Verdict, role: Role): void {
    if (verdict.kind === 'failure') this.#counts(role, verdict.message)
    else if (role === 'probe' && verdict.kind === 'withdrawn') this.#probing = false
    else if (role === 'probe') this.#close()
  }

  #counts(role: Role, message: string): void {
    if (role === 'counted' && this.#rules.window.failure()) this.#open('threshold', message)
    else if (role === 'probe') this.#open('probe-failed', message)
  }

  #open(cause: 'threshold' | 'probe-failed', message: string): void {
    this.#openedAt = this.#around.clock.monotonic()
    this.#waitMs = this.#rules.halfOpenAfterMs
    this.#outcomes.opened()
    if (cause === 'threshold') this.#tripped = { at: this.#around.clock.now(), ...this.#rules.window.counts() }
    this.#enter('open', cause, message)
  }

  #close(): void {
    this.#rules.window.clear()
    this.#tripped = undefined
    this.#enter('closed', 'probe-succeeded')
  }

  /** Changes the computed state; in shadow, too, the transition reports the computed state. */
  #enter(to: BreakerState, cause: BreakerTransition['cause'], message?: string): void {
    const from = this.#computed
    this.#computed = to
    this.#since = this.#around.clock.now()
    this.#keep()
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
    this.#lookWhetherPlain()
  }

  #lookWhetherPlain(): void {
    this.#plain = this.#computed === 'closed' && this.#hold?.current === undefined && !this.#rules.areOverridden
  }

  #tell(from: BreakerState, to: BreakerState, cause: BreakerTransition['cause'], message?: string): void {
    this.#around.changed()
    const at = this.#around.clock.now()
    this.#around.announce({ breaker: this.name, at, from, to, cause, ...(message === undefined ? {} : { message }) })
  }

  #unforce(cause: 'released' | 'expired'): void {
    const from = this.#effective()
    this.#hold?.end()
    this.#turn(from, cause)
  }

  /** The window has started again, so the calls in flight belong to none; of an open breaker the probe goes on. */
  #rulesChanged(): void {
    if (this.#computed === 'closed') this.#beginEra()
    else this.#lookWhetherPlain()
    this.#waitMs = this.#rules.halfOpenAfterMs
    if (this.#computed === 'open') this.#keep()
    this.#around.changed()
  }

  /** Half-open is not kept: to a process that starts then, it is an open breaker whose probe is due. */
  #keep(): void {
    this.#restorable = false
    if (!this.options.keepState || this.#computed === 'half-open') return
    const open = { since: this.#since, probeAt: this.#since + this.#waitMs, tripped: this.#tripped }
    this.#around.keeper?.keep(this.name, this.#computed === 'open' ? open : undefined)
  }
}
