import { type Clock, systemClock } from '../../core/clock.ts'
import { failureWindow, stated } from './adapters/cockatiel.ts'
import { CircuitBreaker } from './breaker.ts'
import {
  type AdoptedBreaker,
  type Breaker,
  BreakerExistsError,
  type BreakerOptions,
  BreakerOptionsError,
  type BreakerRegistry,
  type BreakerTransition,
} from './port.ts'

/** The breakers of one process. Invalid breaker options are refused with BreakerOptionsError. */
export function createBreakerRegistry({ clock = systemClock }: { clock?: Clock } = {}): BreakerRegistry {
  const breakers = new Map<string, Breaker>()
  const adopted = new Map<string, { breaker: Breaker; read: string }>()
  const listeners = new Set<(transition: BreakerTransition) => void>()
  let revision = 0

  const changed = () => {
    revision++
  }
  function announce(transition: BreakerTransition): void {
    for (const listener of listeners) {
      try {
        listener(transition)
      } catch (error) {
        // An error of a listener must not fail the call.
        process.emitWarning(error instanceof Error ? error : String(error), 'BreakerListenerWarning')
      }
    }
  }

  return {
    create(given) {
      const options = { ...given, policy: stated(given.policy) }
      const existing = breakers.get(options.name)
      if (existing) {
        if (existing instanceof CircuitBreaker && fingerprint(existing.options) === fingerprint(options))
          return existing
        throw new BreakerExistsError(`A breaker named ${options.name} exists already, with other options`)
      }
      refuseImpossible(options)
      const window = failureWindow(options.policy)
      const breaker = new CircuitBreaker(options, { clock, window, changed, announce })
      breakers.set(options.name, breaker)
      changed()
      return breaker
    },
    get: name => breakers.get(name),
    list: () => [...breakers.values()],
    adopt(breaker: AdoptedBreaker) {
      if (breakers.has(breaker.name)) throw new BreakerExistsError(`A breaker named ${breaker.name} exists already`)
      breakers.set(breaker.name, breaker)
      adopted.set(breaker.name, { breaker, read: '' })
      breaker.onTransition?.(announce)
      changed()
    },
    reports: () => [...breakers.values()].map(breaker => breaker.report()),
    get revision() {
      // A foreign breaker does not report changes of its counts; they are compared at each read, about every two seconds.
      for (const entry of adopted.values()) {
        const read = JSON.stringify(entry.breaker.report())
        if (read === entry.read) continue
        entry.read = read
        changed()
      }
      return revision
    },
    onTransition(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Options are compared as text; functions by their source. */
function fingerprint({ policy, isExpected, ...rest }: BreakerOptions): string {
  const sorted = (value: object) =>
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([sorted(rest), sorted(policy), isExpected === undefined ? null : String(isExpected)])
}

function refuseImpossible({ name, halfOpenAfterMs, timeoutMs }: BreakerOptions): void {
  if (name === '') throw new BreakerOptionsError('A breaker needs a name')
  if (!(halfOpenAfterMs >= 0))
    throw new BreakerOptionsError(`${name}: halfOpenAfterMs must be 0 or more, got ${halfOpenAfterMs}`)
  if (timeoutMs !== undefined && !(timeoutMs > 0))
    throw new BreakerOptionsError(`${name}: timeoutMs must be more than 0, got ${timeoutMs}`)
}
