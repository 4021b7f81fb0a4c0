import { type Clock, systemClock } from '../../../core/clock.ts'
import { causeOf } from '../cause.ts'
import { LONGEST_MESSAGE, textOf } from '../error-text.ts'
import { Hold } from '../hold.ts'
import {
  type AdoptedBreaker,
  BreakerOpenError,
  type BreakerPolicy,
  type BreakerRegistry,
  type BreakerReport,
  type BreakerState,
  type BreakerTransition,
  type ForcedState,
  type ForceOptions,
  type UnsupportedAct,
  UnsupportedError,
} from '../port.ts'
import { BreakerStatistics } from '../statistics.ts'

type Listen<T> = (listener: (data: T) => void) => { dispose(): void }

/** The part of cockatiel's CircuitBreakerPolicy (v3 and v4) that is used; its states are 0 closed, 1 open, 2 half-open, 3 isolated. */
export interface CockatielBreaker {
  readonly state: number
  readonly onStateChange: Listen<number>
  readonly onSuccess: Listen<{ duration: number }>
  readonly onFailure: Listen<{ duration: number; handled: boolean; reason: { error: unknown } | { value: unknown } }>
  execute<T>(call: (context: { signal: AbortSignal }) => PromiseLike<T> | T, signal?: AbortSignal): Promise<T>
  isolate(): { dispose(): void }
  toJSON(): unknown
}

/** cockatiel does not expose its options, so the caller states them. */
export interface CockatielDetails {
  policy: BreakerPolicy
  halfOpenAfterMs: number
  owner?: string
  runbook?: string
  clock?: Clock
}

/** cockatiel's default minimum of a SamplingBreaker: as many calls a second as make five failures a second at the threshold. */
function statedByCockatiel(policy: BreakerPolicy): BreakerPolicy {
  if (policy.kind !== 'sampling' || policy.minimumRps !== undefined) return policy
  return { ...policy, minimumRps: 5 / policy.threshold }
}

const UNSUPPORTED: readonly UnsupportedAct[] = ['force-closed', 'shadow', 'change-policy']

const STATES: readonly BreakerState[] = ['closed', 'open', 'half-open', 'open']

/**
 * Shows a cockatiel breaker in the registry. What it cannot do is refused with UnsupportedError: forcing it closed or
 * into shadow. Ending a forced open state closes it, whatever it was before (cockatiel does not keep that), and `reset`
 * closes it but leaves its window. Which errors are expected is its own `handleWhen`'s to say. Rejected calls are counted when made through `execute` of the returned breaker.
 */
export function adoptCockatiel(
  name: string,
  policy: CockatielBreaker,
  registry: Pick<BreakerRegistry, 'adopt'>,
  details: CockatielDetails,
): AdoptedBreaker {
  const clock = details.clock ?? systemClock
  const totals = { successes: 0, failures: 0, timeouts: 0, rejected: 0, ignored: 0, opened: 0 }
  const statistics = new BreakerStatistics(clock)
  const listeners = new Set<(transition: BreakerTransition) => void>()
  let isolation: { dispose(): void } | undefined
  let acting: BreakerTransition['cause'] | undefined
  let seen = stateOf()
  let since = clock.now()
  let lastFailure: BreakerReport['lastFailure']
  const hold = new Hold<{ state: ForcedState }>(clock, () => lift('expired'))

  function stateOf(): BreakerState {
    return STATES[policy.state] ?? 'open'
  }
  function tell(from: BreakerState, to: BreakerState, cause: BreakerTransition['cause']): void {
    for (const listener of listeners) listener({ breaker: name, at: clock.now(), from, to, cause })
  }
  function act(cause: BreakerTransition['cause'], change: () => void): void {
    const from = stateOf()
    acting = cause
    try {
      change()
    } finally {
      acting = undefined
    }
    seen = stateOf()
    since = clock.now()
    tell(from, seen, cause)
  }
  function lift(cause: 'released' | 'expired'): void {
    act(cause, () => {
      isolation?.dispose()
      isolation = undefined
      hold.end()
    })
  }

  policy.onStateChange(() => {
    if (acting !== undefined) return
    const from = seen
    seen = stateOf()
    since = clock.now()
    if (seen === 'open') totals.opened++
    tell(from, seen, causeOf(from, seen))
  })
  policy.onSuccess(({ duration }) => {
    totals.successes++
    statistics.took(duration)
  })
  policy.onFailure(({ duration, handled, reason }) => {
    statistics.took(duration)
    if (!handled) {
      totals.ignored++
      statistics.ignored()
      return
    }
    totals.failures++
    const error = 'error' in reason ? reason.error : new Error('The result counts as a failure')
    const message = textOf(error, LONGEST_MESSAGE)
    statistics.failed(error, message, false)
    lastFailure = { at: clock.now(), message }
  })

  const breaker: AdoptedBreaker = {
    name,
    get state() {
      hold.check()
      return stateOf()
    },
    async execute(call, options) {
      hold.check()
      try {
        return await policy.execute(call, options?.signal)
      } catch (error) {
        if (!(error instanceof Error && 'isBrokenCircuitError' in error)) throw error
        totals.rejected++
        statistics.rejected()
        throw new BreakerOpenError(name, { forced: hold.current !== undefined })
      }
    },
    force(options: ForceOptions) {
      if (options.state !== 'open')
        throw new UnsupportedError(`${name} is a cockatiel breaker: it can be forced open, not ${options.state}`)
      hold.check()
      act('forced', () => {
        isolation ??= policy.isolate()
        hold.begin({ state: options.state }, options)
      })
    },
    release(id) {
      hold.check()
      if (!hold.isHeldBy(id)) return false
      lift('released')
      return true
    },
    reset() {
      hold.check()
      if (hold.current)
        throw new UnsupportedError(`${name} is a cockatiel breaker: while forced open it has no other state to reset`)
      // Isolating and releasing is cockatiel's only public way to close it.
      act('reset', () => policy.isolate().dispose())
    },
    changePolicy() {
      throw new UnsupportedError(`${name} is a cockatiel breaker: its policy cannot be changed while it runs`)
    },
    restorePolicy: () => false,
    report() {
      hold.check()
      const forced = hold.current
      const state = stateOf()
      return {
        name,
        ...(details.owner === undefined ? {} : { owner: details.owner }),
        ...(details.runbook === undefined ? {} : { runbook: details.runbook }),
        policy: statedByCockatiel(details.policy),
        halfOpenAfterMs: details.halfOpenAfterMs,
        // Isolation replaces the computed state: it will be closed afterwards.
        computed: forced ? { state: 'closed', since, frozenSince: forced.since } : { state, since },
        ...(forced === undefined ? {} : { forced }),
        effective: state,
        window: windowOf(policy.toJSON()),
        totals: { ...totals },
        ...(lastFailure === undefined ? {} : { lastFailure }),
        ...(state === 'open' && !forced ? { probeAt: since + details.halfOpenAfterMs } : {}),
        stats: statistics.report(),
        unsupported: forced ? [...UNSUPPORTED, 'reset'] : [...UNSUPPORTED],
      }
    },
    onTransition(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  registry.adopt(breaker)
  return breaker
}

/** Counts from cockatiel's serialised window: a number (consecutive), or an object of sums (count, sampling). */
function windowOf(json: unknown): { calls: number; failures: number } {
  const state = typeof json === 'object' && json !== null && 'breakerState' in json ? json.breakerState : undefined
  if (typeof state === 'number') return { calls: state, failures: state }
  const sum = (...keys: string[]) =>
    keys.map(key => Number((state as Record<string, unknown> | undefined)?.[key] ?? 0)).find(Boolean) ?? 0
  const failures = sum('currentFailures', 'failures')
  return { calls: failures + sum('currentSuccesses', 'successes'), failures }
}
