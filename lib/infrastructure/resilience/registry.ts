import { type Clock, systemClock } from '../../core/clock.ts'
import { failureWindow, stated } from './adapters/cockatiel.ts'
import { type BreakerSurroundings, CircuitBreaker } from './breaker.ts'
import { FailureTexts } from './failure-texts.ts'
import { StateKeeper } from './kept-state.ts'
import { fingerprint, refuseImpossible } from './options.ts'
import {
  type AdoptedBreaker,
  type Breaker,
  BreakerExistsError,
  BreakerOptionsError,
  type BreakerRegistry,
  type BreakerStore,
  type BreakerTransition,
} from './port.ts'
import { SLICE_MS, STATS_WINDOW_MS } from './statistics-layout.ts'

export interface BreakerRegistryOptions {
  clock?: Clock
  /** Where breakers with `keepState` keep it. */
  store?: BreakerStore
}

/** The breakers of one process. Invalid breaker options are refused with BreakerOptionsError. */
export function createBreakerRegistry({ clock = systemClock, store }: BreakerRegistryOptions = {}): BreakerRegistry {
  const breakers = new Map<string, Breaker>()
  const adopted = new Map<string, { breaker: Breaker; read: string }>()
  const listeners = new Set<(transition: BreakerTransition) => void>()
  const keeper = store && new StateKeeper(store)
  const restoring = new Set<Promise<void>>()
  const stale = staleStatistics(clock)
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
  async function restore(breaker: CircuitBreaker): Promise<void> {
    const kept = await keeper?.read(breaker.name)
    if (kept !== undefined) breaker.restore(kept)
  }
  const surroundings: BreakerSurroundings = { clock, openWindow, keeper, texts: new FailureTexts(), changed, announce }

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
      if (options.keepState && keeper === undefined)
        throw new BreakerOptionsError(`${options.name}: keepState needs a registry with a store`)
      const breaker = new CircuitBreaker(options, surroundings)
      breakers.set(options.name, breaker)
      changed()
      if (options.keepState) {
        const reading = restore(breaker).finally(() => restoring.delete(reading))
        restoring.add(reading)
      }
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
    async restored() {
      await Promise.all(restoring)
    },
    get revision() {
      // A foreign breaker does not report changes of its counts; they are compared at each read, about every two seconds.
      for (const entry of adopted.values()) {
        const read = JSON.stringify(entry.breaker.report())
        if (read === entry.read) continue
        entry.read = read
        changed()
      }
      if (stale(revision)) changed()
      return revision
    },
    onTransition(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function openWindow(policy: Parameters<typeof stated>[0]) {
  const full = stated(policy)
  return { policy: full, window: failureWindow(full) }
}

/**
 * Without calls the statistics of the last minute change, too: as each slice expires. Asked at each reading of the revision,
 * answers true once a slice, until a minute after the last change.
 */
function staleStatistics(clock: Clock): (revision: number) => boolean {
  const began = clock.monotonic()
  let last = { revision: 0, slice: 0, changedAt: Number.NEGATIVE_INFINITY }
  return revision => {
    const now = clock.monotonic()
    // Counted from the registry's beginning: a process that has just started has nothing to expire.
    const slice = Math.floor((now - began) / SLICE_MS)
    const changedAt = revision === last.revision ? last.changedAt : now
    const isStale = slice !== last.slice && now - changedAt <= STATS_WINDOW_MS + SLICE_MS
    last = { revision: isStale ? revision + 1 : revision, slice, changedAt }
    return isStale
  }
}
