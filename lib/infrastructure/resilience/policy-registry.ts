import { type Clock, systemClock } from '../../core/clock.ts'
import { createPolicy, type Policy, type PolicyOptions, type PolicyReport } from './policy.ts'
import type { BreakerRegistry } from './port.ts'
import { PolicyOptionsError } from './refusals.ts'
import { createBreakerRegistry } from './registry.ts'

/** The policies of one process, by the name of the dependency they guard. */
export interface PolicyRegistry {
  /** Declares a policy; nothing of it is opened before its first use. Throws PolicyOptionsError when the name is declared already. */
  declare(options: PolicyOptions): void
  /** The policy of that name, opened now if it was not; throws PolicyOptionsError for a name that is not declared or options that cannot work. */
  get(name: string): Policy
  /** Names of all that are declared, in that order. */
  names(): string[]
  /** Those opened so far. */
  list(): Policy[]
  reports(): PolicyReport[]
  /** Grows whenever any report changes. */
  readonly revision: number
  /** Ends overrides and their timers. Calls under way end on their own; later ones open their policy again. */
  close(): void
}

export interface PolicyDependencies {
  /** Where the breakers of policies are created; a private registry when absent. */
  breakers?: BreakerRegistry
  clock?: Clock
}

export function createPolicyRegistry({
  clock = systemClock,
  breakers = createBreakerRegistry({ clock }),
}: PolicyDependencies = {}): PolicyRegistry {
  const declared = new Map<string, PolicyOptions>()
  const open = new Map<string, Policy>()
  let revision = 0
  const changed = () => {
    revision++
  }

  return {
    declare(options) {
      if (declared.has(options.name)) throw new PolicyOptionsError(`A policy named ${options.name} is declared already`)
      declared.set(options.name, options)
    },
    get(name) {
      const known = open.get(name)
      if (known) return known
      const options = declared.get(name)
      if (!options)
        throw new PolicyOptionsError(
          `No policy named ${name} is declared; there are: ${[...declared.keys()].join(', ') || 'none'}`,
        )
      const policy = createPolicy(options, { breakers, clock, changed })
      open.set(name, policy)
      changed()
      return policy
    },
    names: () => [...declared.keys()],
    list: () => [...open.values()],
    reports: () => [...open.values()].map(policy => policy.report()),
    get revision() {
      return revision
    },
    close() {
      for (const policy of open.values()) policy.close()
      open.clear()
      changed()
    },
  }
}
