import { ComputedState } from './computed-state.ts'
import { runWithTimeout } from './execution.ts'
import type { FailureTexts } from './failure-texts.ts'
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
  texts: FailureTexts
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
  readonly #computed: ComputedState
  /** Closed, and nothing overridden: calls are admitted without looking further. */
  #plain = true
  #era = 0
  #probing = false
  /** Whether a state read from the store is still news: nothing has changed the computed one. */
  #restorable = true

  constructor(options: BreakerOptions, around: BreakerSurroundings) {
    this.name = options.name
    this.options = options
    this.#around = around
    this.#rules = new RulesInForce(options, around)
    this.#outcomes = new Outcomes(options, around.clock, around.texts)
    this.#computed = new ComputedState(around.clock)
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
    this.#computed.close()
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
  restore(kept: KeptState): void {
    if (!this.#restorable) return
    this.#check()
    const from = this.#effective()
    this.#computed.restore(kept)
    this.#turn(from, 'restored')
  }

  report(): BreakerReport {
    this.#check()
    const { name, owner, runbook } = this.options
    const forced = this.#hold?.current
    const frozenSince = forced?.state === 'shadow' ? undefined : forced?.since
    return {
      name,
      ...(owner === undefined ? {} : { owner }),
      ...(runbook === undefined ? {} : { runbook }),
      ...this.#rules.report(),
      ...this.#computed.report(frozenSince),
      ...(forced === undefined ? {} : { forced }),
      effective: this.#effective(),
      window: this.#rules.window.counts(),
      ...this.#computed.reportOpen(),
      ...this.#outcomes.report(),
    }
  }

  #check(): void {
    this.#hold?.check()
    this.#rules.check()
  }

  #effective(): BreakerState {
    const forced = this.#hold?.current
    if (forced === undefined) return this.#computed.state
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
    if (this.#computed.state === 'closed') return 'counted'
    if (this.#computed.state === 'open') {
      const wait = this.#computed.waitLeftMs
      if (wait > 0) {
        if (shadow) return 'passing'
        throw this.#rejection({ retryAfterMs: wait })
      }
      this.#computed.halfOpen()
      this.#entered('open', 'probe')
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
    const from = this.#computed.state
    const tripped = cause === 'threshold' ? this.#rules.window.counts() : undefined
    this.#outcomes.opened()
    this.#computed.open(this.#rules.halfOpenAfterMs, tripped)
    this.#entered(from, cause, message)
  }

  #close(): void {
    const from = this.#computed.state
    this.#rules.window.clear()
    this.#computed.close()
    this.#entered(from, 'probe-succeeded')
  }

  /** After a change of the computed state; in shadow, too, the transition reports that one. */
  #entered(from: BreakerState, cause: BreakerTransition['cause'], message?: string): void {
    this.#keep()
    this.#beginEra()
    this.#tell(from, this.#computed.state, cause, message)
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
    this.#plain = this.#computed.state === 'closed' && this.#hold?.current === undefined && !this.#rules.areOverridden
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
    if (this.#computed.state === 'closed') this.#beginEra()
    else this.#lookWhetherPlain()
    this.#computed.waitFor(this.#rules.halfOpenAfterMs)
    if (this.#computed.state === 'open') this.#keep()
    this.#around.changed()
  }

  /** Half-open is not kept: to a process that starts then, it is an open breaker whose probe is due. */
  #keep(): void {
    this.#restorable = false
    const { state } = this.#computed
    if (!this.options.keepState || state === 'half-open') return
    this.#around.keeper?.keep(this.name, state === 'open' ? this.#computed.kept : undefined)
  }
}
