import type { Clock } from '../../core/clock.ts'
import { Hold } from './hold.ts'
import { refuseImpossibleDurations } from './options.ts'
import {
  type BreakerOptions,
  BreakerOptionsError,
  type BreakerReport,
  type BreakerRules,
  type PolicyChange,
} from './port.ts'
import type { FailureWindow, OpenWindow } from './window.ts'

/** What it needs from the breaker's surroundings. */
export interface RulesSurroundings {
  clock: Clock
  openWindow: OpenWindow
}

/** A breaker's rules and the window they are measured in: as declared, or as an operator changed them for a while. */
export class RulesInForce {
  readonly #declared: BreakerOptions
  readonly #around: RulesSurroundings
  #hold: Hold<object> | undefined
  #rules: BreakerRules
  window: FailureWindow

  constructor(declared: BreakerOptions, around: RulesSurroundings) {
    this.#declared = declared
    this.#around = around
    this.#rules = declared
    this.window = around.openWindow(declared.policy).window
  }

  get halfOpenAfterMs(): number {
    return this.#rules.halfOpenAfterMs
  }
  get timeoutMs(): number | undefined {
    return this.#rules.timeoutMs
  }
  get areOverridden(): boolean {
    return this.#rules !== this.#declared
  }

  /** Restores them when their time is up. */
  check(): void {
    this.#hold?.check()
  }

  /** `expired` is called when they have been restored because their time was up. */
  change({ policy, halfOpenAfterMs, timeoutMs, ...holder }: PolicyChange, expired: () => void): void {
    const { name } = this.#declared
    if (policy === undefined && halfOpenAfterMs === undefined && timeoutMs === undefined)
      throw new BreakerOptionsError(`${name}: a change needs policy, halfOpenAfterMs or timeoutMs`)
    refuseImpossibleDurations(name, { halfOpenAfterMs, timeoutMs })
    const opened = this.#around.openWindow(policy ?? this.#declared.policy)
    this.window = opened.window
    this.#rules = {
      ...rulesOf(this.#declared),
      policy: opened.policy,
      ...(halfOpenAfterMs === undefined ? {} : { halfOpenAfterMs }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    }
    this.#hold ??= new Hold(this.#around.clock, () => {
      this.#restore()
      expired()
    })
    this.#hold.begin({}, holder)
  }

  restore(id?: string): boolean {
    if (!this.#hold?.isHeldBy(id)) return false
    this.#restore()
    return true
  }

  /** The part of the report that says which rules are in force, and why. */
  report(): Pick<BreakerReport, 'policy' | 'halfOpenAfterMs' | 'timeoutMs' | 'policyOverride'> {
    const held = this.#hold?.current
    return {
      ...rulesOf(this.#rules),
      ...(held === undefined ? {} : { policyOverride: { ...held, declared: rulesOf(this.#declared) } }),
    }
  }

  #restore(): void {
    this.#hold?.end()
    this.#rules = this.#declared
    this.window = this.#around.openWindow(this.#declared.policy).window
  }
}

function rulesOf({ policy, halfOpenAfterMs, timeoutMs }: BreakerRules): BreakerRules {
  return { policy, halfOpenAfterMs, ...(timeoutMs === undefined ? {} : { timeoutMs }) }
}
