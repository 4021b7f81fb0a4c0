import { heldBy, LASTING, type Override } from '../../infrastructure/fleet/index.ts'
import { changeWords, limitWords } from './rule-words.ts'

/** An override, in words and with what ends it. */
export interface OverrideWords {
  kind: 'breaker' | 'policy' | 'provider set' | 'queue' | 'cache'
  name: string
  /** What is in force: `held open`, `opens after 3 failures in a row`. */
  held: string
  forced?: 'open' | 'closed' | 'shadow'
  /** The operation that ends it, and the field of its input that takes the name. */
  endedBy: string
  field: string
  /** What a button that ends it says. */
  end: string
}

const HELD = { open: 'held open', closed: 'held closed', shadow: 'held in shadow' } as const

export function overrideWords(override: Override): OverrideWords {
  const { verb, args } = override
  const common = { name: heldBy(verb, args), endedBy: LASTING[verb].endedBy, field: LASTING[verb].holds }
  switch (verb) {
    case 'breaker.force':
      return { ...common, kind: 'breaker', held: HELD[args.state], forced: args.state, end: 'Release' }
    case 'breaker.change-policy':
      return { ...common, kind: 'breaker', held: changeWords(args), end: 'Restore' }
    case 'policy.change-limits':
      return { ...common, kind: 'policy', held: limitWords(args.limits), end: 'Restore' }
    case 'cache.switch':
      return { ...common, kind: 'cache', held: args.mode === 'off' ? 'switched off' : 'read-only', end: 'Switch on' }
    case 'worker.ignore-dependencies':
      return { ...common, kind: 'queue', held: 'worked on despite open breakers', end: 'Hold back' }
    case 'provider.force':
      return { ...common, kind: 'provider set', held: `uses ${args.provider} only`, end: 'Release' }
  }
}
