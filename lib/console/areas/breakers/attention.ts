import type { FleetSnapshot } from '../../fleet/port.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { processes } from '../../platform/counted.ts'
import { breakersOf } from './collect.ts'
import { type BreakerGroup, groupBreakers } from './group.ts'

/** Each breaker that is open, forced or probing, once for all its processes. */
export function ofBreakers(snapshot: FleetSnapshot): AttentionItem[] {
  return groupBreakers(breakersOf(snapshot)).flatMap(group => {
    const item = ofBreaker(group)
    return item ? [item] : []
  })
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
        : 'It probes by itself once its wait is over.'
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
      detail: 'A probe is under way; it closes if that succeeds.',
      recovering: true,
    }
  return undefined
}
