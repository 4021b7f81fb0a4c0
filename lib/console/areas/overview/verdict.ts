import { isLiving } from '../../fleet/living.ts'
import type { FleetSnapshot } from '../../fleet/port.ts'
import type { RankedItem } from '../../platform/attention/collect.ts'
import { counted } from '../../platform/counted.ts'
import type { Part } from '../../platform/part/part.ts'

export interface Verdict {
  status: 'good' | 'warning' | 'bad' | 'unknown'
  /** The word on the badge. */
  word: string
  sentence: string
  /** The name at the beginning of the sentence, if there is one: names can be long. */
  subject?: string
  detail: string
  since?: number
}

/** The whole state in one sentence, for someone who was just woken up. */
export function verdictOf(fleet: Part<FleetSnapshot>, items: readonly RankedItem[]): Verdict {
  const bad = items.filter(item => item.severity === 'bad')
  const acknowledged = items.filter(item => item.mark).length
  const recovering = items.filter(item => item.recovering && !item.mark).length
  const needing = items.length - recovering - acknowledged
  const counts = [
    needing > 0 ? `${counted(needing, 'item needs', 'items need')} attention` : '',
    recovering > 0 ? `${counted(recovering, 'is', 'are')} recovering` : '',
    acknowledged > 0 ? `${counted(acknowledged, 'is', 'are')} acknowledged` : '',
  ]
    .filter(Boolean)
    .join(', ')
  const first = items[0]
  if (fleet.status !== 'up') {
    return {
      status: 'unknown',
      word: 'Unknown',
      since: fleet.since,
      sentence: `${fleet.reason}: the state of the fleet is not known.`,
      detail: fleet.status === 'stale' ? 'What is shown is what was last seen.' : (fleet.nextStep ?? ''),
    }
  }
  const processes = fleet.data.processes.filter(isLiving).length
  if (!first) {
    if (processes === 0)
      return {
        status: 'unknown',
        word: 'Empty',
        sentence: 'No process has registered yet.',
        detail: 'Add the library to a service; its processes appear here within two seconds.',
      }
    return {
      status: 'good',
      word: 'Healthy',
      sentence: `Everything is healthy: ${counted(processes, 'process is', 'processes are')} up.`,
      detail: 'Nothing needs attention.',
    }
  }
  const others = bad.length > 1 ? `, and ${counted(bad.length - 1, 'more item is', 'more items are')} failing` : ''
  if (bad[0])
    return {
      status: 'bad',
      word: 'Degraded',
      sentence: `${bad[0].subject} ${bad[0].text}${others}.`,
      subject: bad[0].subject,
      detail: `${counts}.`,
      since: earliest(bad),
    }
  return {
    status: 'warning',
    word: 'Watch',
    sentence: `${first.subject} ${first.text}.`,
    subject: first.subject,
    detail: `${counts}.`,
    since: earliest(items),
  }
}

function earliest(items: readonly RankedItem[]): number | undefined {
  const times = items.flatMap(item => (item.since === undefined ? [] : [item.since]))
  return times.length > 0 ? Math.min(...times) : undefined
}
