import type { BreakerRegistry, HoldOptions, LimitChange } from '../resilience/index.ts'
import type { CommandHandlers, FleetSource } from './port.ts'
import type { CommandArguments, CommandReply } from './protocol/messages.ts'

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
      refuseExpired(remainingMs)
      find(breaker).force({ id: override, state, reason, by: issuedBy, remainingMs })
    },
    'breaker.release': ({ breaker, override }) => {
      if (!find(breaker).release(override)) throw new Error(NOT_IN_FORCE)
    },
    'breaker.reset': ({ breaker }) => find(breaker).reset(),
    'breaker.change-policy': ({ breaker, override, expiresAt: _asRemaining, ...rules }, { issuedBy, remainingMs }) => {
      refuseExpired(remainingMs)
      find(breaker).changePolicy({ ...rules, id: override, by: issuedBy, remainingMs })
    },
    'breaker.restore-policy': ({ breaker, override }) => {
      if (!find(breaker).restorePolicy(override)) throw new Error(NOT_IN_FORCE)
    },
  }
}

const NOT_IN_FORCE = 'that override is not in force here'

function refuseExpired(remainingMs: number | undefined): void {
  if (remainingMs !== undefined && remainingMs <= 0) throw new Error('it had already expired')
}

/** What the fleet needs of a registry of policies: to find one and change its limits. */
export interface LimitedPolicies {
  get(name: string): { change(change: LimitChange): void; restore(id?: string): boolean }
}

/** The verbs on policies. One that this process does not declare is refused. */
export function policyHandlers(policies: LimitedPolicies): CommandHandlers {
  return {
    'policy.change-limits': ({ policy, override, limits, reason }, { issuedBy, remainingMs }) => {
      refuseExpired(remainingMs)
      policies.get(policy).change({ id: override, limits, reason, by: issuedBy, remainingMs })
    },
    'policy.restore-limits': ({ policy, override }) => {
      if (!policies.get(policy).restore(override)) throw new Error(NOT_IN_FORCE)
    },
  }
}

/** What the fleet needs of sets of providers: their reports, and to force one of a set. */
export interface ForcibleProviders {
  readonly name: string
  readonly revision: number
  report(): unknown
  force(options: { id: string; provider: string; reason: string; by: string; remainingMs?: number }): void
  release(id?: string): boolean
  sendTest(options: { provider: string; to: string; idempotencyKey?: string }): Promise<string>
}

/** The verbs on sets of providers. */
export function providerHandlers(sets: readonly ForcibleProviders[]): CommandHandlers {
  const find = (name: string) => {
    const found = sets.find(set => set.name === name)
    if (!found) throw new Error(`there are no providers of ${name} in this process`)
    return found
  }
  return {
    'provider.force': ({ set, provider, override, reason }, { issuedBy, remainingMs }) => {
      refuseExpired(remainingMs)
      find(set).force({ id: override, provider, reason, by: issuedBy, remainingMs })
    },
    'provider.release': ({ set, override }) => {
      if (!find(set).release(override)) throw new Error(NOT_IN_FORCE)
    },
    'provider.test': async ({ set, provider, to, key }) => ({
      id: await find(set).sendTest({ provider, to, idempotencyKey: key }),
    }),
  }
}

/** What the fleet needs of the queues of a process, to let workers take jobs although a breaker is open. */
export interface DependentWorkers {
  ignoreDependencies?(queue: string, options: HoldOptions): boolean
  mindDependencies?(queue: string, id?: string): boolean
}

/** The verbs on workers that depend on breakers. */
export function workerHandlers(workers: DependentWorkers): CommandHandlers {
  return {
    'worker.ignore-dependencies': ({ queue, override, reason }, { issuedBy, remainingMs }) => {
      refuseExpired(remainingMs)
      if (!workers.ignoreDependencies?.(queue, { id: override, reason, by: issuedBy, remainingMs }))
        throw new Error(`no worker of ${queue} in this process depends on a breaker`)
    },
    'worker.mind-dependencies': ({ queue, override }) => {
      if (!workers.mindDependencies?.(queue, override)) throw new Error(NOT_IN_FORCE)
    },
  }
}

/** Sets of providers as a domain of the fleet. */
export function providerReports(sets: readonly ForcibleProviders[]): Reporting {
  return {
    get revision() {
      return sets.reduce((sum, set) => sum + set.revision, 0)
    },
    reports: () => sets.map(set => set.report()),
  }
}

/** Several registries as one. */
export function joined(registries: readonly Reporting[]): Reporting {
  return {
    get revision() {
      return registries.reduce((sum, { revision }) => sum + revision, 0)
    },
    reports: () => registries.flatMap(registry => registry.reports()),
  }
}

/** Something whose level can be changed while it runs. */
export interface Levelled {
  setLevel(level: CommandArguments['log.level']['level']): void
}

export function logHandlers(logger: Levelled): CommandHandlers {
  return { 'log.level': ({ level }) => logger.setLevel(level) }
}

/** What the fleet needs of a cache: to confirm an invalidation, and where it can, to be switched and warmed. */
export interface OperableCache {
  applyInvalidation(
    where: CommandArguments['cache.invalidate']['where'],
    epoch?: number,
    options?: { memoryOnly?: boolean },
  ): Promise<void>
  switchTo?(mode: 'off' | 'read-only', holder: HoldOptions): void
  switchOn?(id?: string): boolean
  /** Throws for a warmer that does not exist. */
  warm?(warmer?: string): Promise<void>
  peek?(key: string, salt: string): CommandReply<'cache.peek'>
}

export interface InvalidatableCaches {
  get(name: string): OperableCache | undefined
  /** Of another library. */
  adopted?(name: string): OperableCache | undefined
}

export function cacheHandlers(caches: InvalidatableCaches): CommandHandlers {
  const find = (name: string) => {
    const found = caches.get(name) ?? caches.adopted?.(name)
    if (!found) throw new Error(`there is no cache ${name} in this process`)
    return found
  }
  return {
    'cache.invalidate': ({ cache, where, epoch, memoryOnly }) =>
      find(cache).applyInvalidation(where, epoch, { memoryOnly }),
    'cache.switch': ({ cache, mode, override, reason }, { issuedBy, remainingMs }) => {
      refuseExpired(remainingMs)
      const found = find(cache)
      if (!found.switchTo) throw new Error(`the cache ${cache} of this process cannot be switched`)
      found.switchTo(mode, { id: override, reason, by: issuedBy, remainingMs })
    },
    'cache.switch-on': ({ cache, override }) => {
      if (!find(cache).switchOn?.(override)) throw new Error(NOT_IN_FORCE)
    },
    'cache.warm': ({ cache, warmer }) => {
      const found = find(cache)
      if (!found.warm) throw new Error(`the cache ${cache} of this process cannot be warmed`)
      // Not waited for: it may take longer than anyone waits for an answer. How it ends is in the report.
      void found.warm(warmer)
    },
    'cache.peek': ({ cache, key, salt }) => {
      const found = find(cache)
      if (!found.peek) throw new Error(`the cache ${cache} of this process cannot be looked into`)
      return found.peek(key, salt)
    },
  }
}
