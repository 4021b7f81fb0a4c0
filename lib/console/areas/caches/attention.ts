import type { FleetSnapshot } from '../../fleet/port.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { processes } from '../../platform/counted.ts'
import { cachesOf } from './collect.ts'
import { groupCaches } from './group.ts'

/** Caches that do not hear what others invalidate may serve what is no longer true; without Redis they cost the origin. */
export function ofCaches(snapshot: FleetSnapshot): AttentionItem[] {
  return groupCaches(cachesOf(snapshot)).flatMap((group): AttentionItem[] => {
    if (!group.degraded) return []
    const { count, reason } = group.degraded
    return [
      {
        id: `cache:${group.name}:${group.namespace}`,
        band: 'degraded',
        share: count / group.processes,
        subject: group.name,
        text: `cache is degraded in ${count} of ${processes(group.processes)}`,
        detail: `${reason[0]?.toUpperCase()}${reason.slice(1)}. What is in memory is not served until this is over.`,
        href: `caches?cache=${encodeURIComponent(group.name)}`,
        act: 'See cache',
        owner: group.owner,
        runbook: group.runbook,
      },
    ]
  })
}
