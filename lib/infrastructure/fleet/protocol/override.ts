import { z } from 'zod'
import { COMMANDS, inScope, Scope } from './messages.ts'

/** Verbs whose effect stays in force until it ends: which verb ends it, and which argument names what is held. */
export const LASTING = {
  'breaker.force': { endedBy: 'breaker.release', holds: 'breaker' },
  'breaker.change-policy': { endedBy: 'breaker.restore-policy', holds: 'breaker' },
  'policy.change-limits': { endedBy: 'policy.restore-limits', holds: 'policy' },
  'provider.force': { endedBy: 'provider.release', holds: 'set' },
  'cache.switch': { endedBy: 'cache.switch-on', holds: 'cache' },
  'worker.ignore-dependencies': { endedBy: 'worker.mind-dependencies', holds: 'queue' },
} as const
export type LastingVerb = keyof typeof LASTING
export type EndingVerb = (typeof LASTING)[LastingVerb]['endedBy']

function overrideOf<V extends LastingVerb, Args extends (typeof COMMANDS)[V]>(verb: V, args: Args) {
  return z.object({
    v: z.number().int().min(1),
    id: z.string().min(1).max(60),
    env: z.string(),
    verb: z.literal(verb),
    scope: Scope,
    /** Parts of the scope in which it has been ended. */
    except: z.array(Scope).max(500).default([]),
    args,
    issuedBy: z.string().min(1).max(300),
    /** Redis time. */
    setAt: z.number(),
    expiresAt: z.number().optional(),
  })
}

/** A command that stays in force: processes that start later apply it. */
export const Override = z.discriminatedUnion('verb', [
  overrideOf('breaker.force', COMMANDS['breaker.force']),
  overrideOf('breaker.change-policy', COMMANDS['breaker.change-policy']),
  overrideOf('policy.change-limits', COMMANDS['policy.change-limits']),
  overrideOf('provider.force', COMMANDS['provider.force']),
  overrideOf('cache.switch', COMMANDS['cache.switch']),
  overrideOf('worker.ignore-dependencies', COMMANDS['worker.ignore-dependencies']),
])
export type Override = z.infer<typeof Override>
export type OverrideOf<V extends LastingVerb> = Extract<Override, { verb: V }>

export const isLasting = (verb: string): verb is LastingVerb => Object.hasOwn(LASTING, verb)

/** The name of what a lasting command holds: the breaker, the policy, the set of providers, the cache. */
export function heldBy(verb: LastingVerb, args: unknown): string {
  return String((args as Record<string, unknown>)[LASTING[verb].holds])
}

/** Whether an override applies to this process. */
export function isUnder(override: Override, who: { id: string; service: string }): boolean {
  return inScope(override.scope, who) && !override.except.some(scope => inScope(scope, who))
}
