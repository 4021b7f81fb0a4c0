import type { FleetSnapshot } from '../../fleet/port.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { counted, processes } from '../../platform/counted.ts'
import { type Flapping, spanWords } from '../../platform/timeline/flapping.ts'
import { breakersOf } from './collect.ts'
import { type BreakerGroup, groupBreakers } from './group.ts'

/** Each breaker that is open, forced, probing or flapping, once for all its processes. */
export function ofBreakers(
  snapshot: FleetSnapshot,
  flapping: ReadonlyMap<string, Flapping> = new Map(),
): AttentionItem[] {
  return groupBreakers(breakersOf(snapshot)).flatMap(group => {
    const item = ofBreaker(group)
    const unsteady = flapping.get(group.name)
    // A forced breaker does not flap.
    if (unsteady && !group.forced) return [ofFlapping(group, unsteady, item)]
    return item ? [item] : []
  })
}

/** The same item whether it is open or closed at this moment: it must not come and go with each change. */
function ofFlapping(
  group: BreakerGroup,
  { places, times, since, until }: Flapping,
  now: AttentionItem | undefined,
): AttentionItem {
  const { name, lastFailure, owner, runbook } = group
  const where = places.length === 1 ? places[0] : processes(places.length)
  return {
    ...{
      id: `breaker:${name}`,
      band: 'failing',
      subject: name,
      share: places.length / group.processes,
      since,
      owner,
      runbook,
    },
    text: `is flapping in ${where}: opened ${counted(times, 'time')} in ${spanWords(until - since)}`,
    detail:
      [now ? '' : 'Closed at the moment.', lastFailure ? `Last failure: ${lastFailure.message}.` : '']
        .filter(Boolean)
        .join(' ') || 'It keeps opening and closing.',
    href: `breakers?breaker=${encodeURIComponent(name)}`,
    act: 'See breaker',
  }
}

function ofBreaker(group: BreakerGroup): AttentionItem | undefined {
  const { name, counts, forced, lastFailure, probeAt, probeDue } = group
  const all = processes(group.processes)
  const where = `in ${counts.open} of ${all}`
  const common = {
    subject: name,
    href: `breakers?breaker=${encodeURIComponent(name)}`,
    act: 'See breaker',
    since: group.since,
    owner: group.owner,
    runbook: group.runbook,
  }
  if (forced) {
    const item = {
      ...common,
      id: `breaker:${name}:forced`,
      band: 'degraded' as const,
      text: `is forced ${forced.states.join(' and ')} in ${forced.count} of ${all}`,
      detail: `By ${forced.by.join(', ')}: ${forced.reason}`,
    }
    if (counts.open <= forced.count) return item
  }
  if (counts.open > 0) {
    const share = counts.open / group.processes
    const failing = `${group.measured.failures} of ${group.measured.calls} calls failed${group.measured.when === 'opened' ? ' when it opened' : ''}${lastFailure ? `: ${lastFailure.message}` : ''}`
    const probe = probeDue
      ? 'The next call is its probe.'
      : probeAt === undefined
        ? ''
        : 'It probes on its own once its wait is over.'
    return {
      ...common,
      id: `breaker:${name}`,
      band: 'failing',
      share,
      text: `breaker is open ${where}`,
      detail: [`${failing}.`, probe].filter(Boolean).join(' '),
    }
  }
  if (counts['half-open'] > 0)
    return {
      ...common,
      id: `breaker:${name}`,
      band: 'degraded',
      text: `is half-open in ${counts['half-open']} of ${all}`,
      detail: 'A probe is under way; the breaker closes if it succeeds.',
      recovering: true,
    }
  return undefined
}
