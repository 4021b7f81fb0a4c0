import type { BreakerRegistry } from '../resilience/index.ts'
import type { CommandHandlers, FleetSource } from './port.ts'
import type { CommandArguments } from './protocol/messages.ts'

/** What all registries of the library have in common. */
export interface Reporting {
  readonly revision: number
  reports(): readonly unknown[]
}

/** A registry of the library, or anything shaped like one, as a domain of the fleet. */
export function sourceOf(domain: string, registry: Reporting): FleetSource {
  return { domain, revision: () => registry.revision, items: () => registry.reports() }
}

/** The same for a registry whose reports contain figures that do not change its revision: written again every so often (ms). */
export function refreshedSourceOf(domain: string, registry: Reporting, everyMs: number): FleetSource {
  return {
    domain,
    revision: () => registry.revision + Math.floor(performance.now() / everyMs),
    items: () => registry.reports(),
  }
}

/** The verbs on breakers. A process without the breaker refuses, so that the console shows it per process. */
export function breakerHandlers(breakers: BreakerRegistry): CommandHandlers {
  const find = (name: string) => {
    const breaker = breakers.get(name)
    if (!breaker) throw new Error(`there is no breaker ${name} in this process`)
    return breaker
  }
  return {
    'breaker.force': ({ breaker, override, state, reason }, { issuedBy, remainingMs }) => {
      if (remainingMs !== undefined && remainingMs <= 0) throw new Error('it had already expired')
      find(breaker).force({ id: override, state, reason, by: issuedBy, remainingMs })
    },
    'breaker.release': ({ breaker, override }) => {
      if (!find(breaker).release(override)) throw new Error('that override is not in force here')
    },
    'breaker.reset': ({ breaker }) => find(breaker).reset(),
  }
}

/** Something whose level can be changed while it runs. */
export interface Levelled {
  setLevel(level: CommandArguments['log.level']['level']): void
}

export function logHandlers(logger: Levelled): CommandHandlers {
  return { 'log.level': ({ level }) => logger.setLevel(level) }
}

/** What the fleet needs of a cache registry: to find a cache and have it confirm an invalidation. */
export interface InvalidatableCaches {
  get(
    name: string,
  ):
    | { applyInvalidation(where: CommandArguments['cache.invalidate']['where'], epoch?: number): Promise<void> }
    | undefined
}

export function cacheHandlers(caches: InvalidatableCaches): CommandHandlers {
  return {
    'cache.invalidate': async ({ cache, where, epoch }) => {
      const found = caches.get(cache)
      if (!found) throw new Error(`there is no cache ${cache} in this process`)
      await found.applyInvalidation(where, epoch)
    },
  }
}
