import { placeOf } from '../../platform/area/names.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { processes } from '../../platform/counted.ts'
import type { ProviderSet } from './sets.ts'

/** Sets with no provider left, and sets that another than the first serves, be it by force. */
export function ofProviders(sets: readonly ProviderSet[]): AttentionItem[] {
  return sets.flatMap(set => {
    const words = wordsOf(set)
    if (!words) return []
    const href = placeOf('providers', { set: set.name })
    return [{ ...words, id: `providers:${set.name}`, subject: set.name, href, act: 'See providers' }]
  })
}

function wordsOf(set: ProviderSet): Pick<AttentionItem, 'band' | 'share' | 'text' | 'detail' | 'since'> | undefined {
  const all = processes(set.processes.length)
  const [serving] = set.inUse
  switch (set.state) {
    case 'down': {
      const down = set.processes.filter(process => process.down).length
      const [last] = set.providers.flatMap(({ lastFailure }) => lastFailure ?? []).sort((a, b) => b.at - a.at)
      return {
        band: 'failing',
        share: down / set.processes.length,
        text: `has no provider left in ${down} of ${all}`,
        detail: `${set.forced ? `It is forced to ${set.forced.provider}, whose breaker is open.` : 'The breakers of all its providers are open.'}${last ? ` Last failure: ${last.message}.` : ''}`,
        since: last?.at,
      }
    }
    case 'forced':
      return {
        band: 'degraded',
        text: `is forced to ${set.forced?.provider} in ${set.forced?.processes} of ${all}`,
        detail: `By ${set.forced?.by}: ${set.forced?.reason}`,
        since: set.forced?.since,
      }
    case 'secondary':
      return {
        band: 'degraded',
        text: `is served by ${serving?.provider} in ${serving?.processes} of ${all}`,
        detail: serving?.why ? `${serving.why}.` : 'Another provider than the first in order took the last call.',
        since: serving?.since,
      }
    default:
      return undefined
  }
}
