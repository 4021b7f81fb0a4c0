import { type Clock, systemClock } from '../../../core/clock.ts'
import { causeOf } from '../cause.ts'
import { codeOf, LONGEST_MESSAGE, textOf } from '../error-text.ts'
import { expectationOf } from '../expected.ts'
import { Hold } from '../hold.ts'
import {
  type AdoptedBreaker,
  type BreakerRegistry,
  type BreakerReport,
  type BreakerState,
  type BreakerTransition,
  type ExpectedError,
  type ForcedState,
  type ForceOptions,
  UnsupportedError,
} from '../port.ts'
import { BreakerStatistics } from '../statistics.ts'

/** The part of opossum's CircuitBreaker (v6 to v10) that is used. */
export interface OpossumBreaker {
  readonly opened: boolean
  readonly halfOpen: boolean
  readonly stats: { fires: number; failures: number }
  open(): void
  close(): void
  on(event: string, listener: (...args: never[]) => void): unknown
}

/** The options of opossum that are used; they are not in its types. Defaults are opossum's. */
interface OpossumOptions {
  errorThresholdPercentage?: number
  rollingCountTimeout?: number
  volumeThreshold?: number
  resetTimeout?: number
  timeout?: number | false
  errorFilter?: (error: unknown, ...args: unknown[]) => boolean
}

export interface OpossumDetails {
  /** Expected errors, beside those of its own `errorFilter`, which is extended by them. */
  expected?: readonly ExpectedError[]
  owner?: string
  runbook?: string
  clock?: Clock
}

/**
 * Shows an opossum breaker in the registry. Calls go on through its own `fire`: `execute`, and forcing into shadow, are
 * refused with UnsupportedError. Forced states are kept by undoing opossum's own transitions as they happen; when the hold
 * ends the breaker returns to the state it had. `reset` closes it but leaves its rolling counts, which opossum cannot
 * clear: at an error rate still over the threshold the next failure opens it again.
 */
export function adoptOpossum(
  name: string,
  opossum: OpossumBreaker,
  registry: Pick<BreakerRegistry, 'adopt'>,
  details: OpossumDetails = {},
): AdoptedBreaker {
  const clock = details.clock ?? systemClock
  const options: OpossumOptions = 'options' in opossum ? (opossum.options as OpossumOptions) : {}
  const durationMs = options.rollingCountTimeout ?? 10_000
  const halfOpenAfterMs = options.resetTimeout ?? 30_000
  const totals = { successes: 0, failures: 0, timeouts: 0, rejected: 0, ignored: 0, opened: 0 }
  const statistics = new BreakerStatistics(clock)
  const isExpected = expectationOf({ name, expected: details.expected })
  const listeners = new Set<(transition: BreakerTransition) => void>()
  let acting = false
  /** opossum emits `success` for an error that its filter takes, right after asking it. */
  let filtered = false
  let computed = stateOf()
  let since = clock.now()
  let lastFailure: BreakerReport['lastFailure']
  const hold = new Hold<{ state: ForcedState }>(clock, () => lift('expired'))

  function stateOf(): BreakerState {
    return opossum.opened ? 'open' : opossum.halfOpen ? 'half-open' : 'closed'
  }
  function tell(from: BreakerState, to: BreakerState, cause: BreakerTransition['cause']): void {
    for (const listener of listeners) listener({ breaker: name, at: clock.now(), from, to, cause })
  }
  function put(state: 'open' | 'closed'): void {
    acting = true
    try {
      if (state === 'open') opossum.open()
      else opossum.close()
    } finally {
      acting = false
    }
  }
  function lift(cause: 'released' | 'expired'): void {
    const from = stateOf()
    hold.end()
    put(computed === 'closed' ? 'closed' : 'open')
    computed = stateOf()
    tell(from, computed, cause)
  }
  function moved(): void {
    if (acting) return
    const held = hold.current
    if (held) {
      put(held.state === 'open' ? 'open' : 'closed')
      return
    }
    const from = computed
    computed = stateOf()
    since = clock.now()
    if (computed === 'open') totals.opened++
    tell(from, computed, causeOf(from, computed))
  }

  if (isExpected !== undefined) {
    const { errorFilter } = options
    options.errorFilter = (error, ...args) => {
      filtered = isExpected(error) || errorFilter?.(error, ...args) === true
      return filtered
    }
  }
  opossum.on('open', moved)
  opossum.on('halfOpen', moved)
  opossum.on('close', moved)
  opossum.on('success', (_result: unknown, latencyMs: number) => {
    if (filtered) {
      totals.ignored++
      statistics.ignored()
    } else totals.successes++
    filtered = false
    statistics.took(latencyMs)
  })
  opossum.on('timeout', () => totals.timeouts++)
  opossum.on('reject', () => {
    totals.rejected++
    statistics.rejected()
  })
  opossum.on('failure', (error: unknown, latencyMs: number) => {
    totals.failures++
    statistics.took(latencyMs)
    const message = textOf(error, LONGEST_MESSAGE)
    statistics.failed(error, message, codeOf(error) === 'ETIMEDOUT')
    lastFailure = { at: clock.now(), message }
  })

  const breaker: AdoptedBreaker = {
    name,
    get state() {
      hold.check()
      return stateOf()
    },
    async execute() {
      throw new UnsupportedError(
        `${name} is an opossum breaker: it runs only the function it was created with, so call its own fire()`,
      )
    },
    force(request: ForceOptions) {
      if (request.state === 'shadow')
        throw new UnsupportedError(`${name} is an opossum breaker: it has no shadow state`)
      hold.check()
      const from = stateOf()
      hold.begin({ state: request.state }, request)
      put(request.state)
      tell(from, stateOf(), 'forced')
    },
    release(id) {
      hold.check()
      if (!hold.isHeldBy(id)) return false
      lift('released')
      return true
    },
    reset() {
      hold.check()
      const from = stateOf()
      computed = 'closed'
      since = clock.now()
      if (!hold.current) put('closed')
      tell(from, stateOf(), 'reset')
    },
    changePolicy() {
      throw new UnsupportedError(`${name} is an opossum breaker: its policy cannot be changed while it runs`)
    },
    restorePolicy: () => false,
    report() {
      hold.check()
      const forced = hold.current
      const { fires, failures } = opossum.stats
      return {
        name,
        ...(details.owner === undefined ? {} : { owner: details.owner }),
        ...(details.runbook === undefined ? {} : { runbook: details.runbook }),
        policy: {
          kind: 'sampling',
          threshold: (options.errorThresholdPercentage ?? 50) / 100,
          durationMs,
          ...(options.volumeThreshold ? { minimumRps: options.volumeThreshold / (durationMs / 1000) } : {}),
        },
        halfOpenAfterMs,
        ...(options.timeout === false ? {} : { timeoutMs: options.timeout ?? 10_000 }),
        computed: { state: computed, since, ...(forced ? { frozenSince: forced.since } : {}) },
        ...(forced === undefined ? {} : { forced }),
        effective: stateOf(),
        window: { calls: fires, failures },
        totals: { ...totals },
        ...(lastFailure === undefined ? {} : { lastFailure }),
        ...(computed === 'open' ? { probeAt: since + halfOpenAfterMs } : {}),
        stats: statistics.report(),
        unsupported: ['shadow', 'change-policy'],
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
