import type { AttentionItem } from '../../platform/attention/item.ts'
import { processes } from '../../platform/counted.ts'
import type { CacheGroup } from './group.ts'

/** Caches that do not receive the invalidations of others may serve stale values; without Redis, or hits, they put load on the origin. */
export function ofCaches(groups: readonly CacheGroup[]): AttentionItem[] {
  return groups.flatMap((group): AttentionItem[] => {
    const { name, namespace, owner, runbook, degraded, fallen } = group
    const common = {
      ...{ band: 'degraded' as const, subject: name, owner, runbook },
      href: `caches?cache=${encodeURIComponent(name)}`,
      act: 'See cache',
    }
    const items: AttentionItem[] = []
    if (degraded)
      items.push({
        ...common,
        id: `cache:${name}:${namespace}`,
        share: degraded.count / group.processes,
        text: `cache is degraded in ${degraded.count} of ${processes(group.processes)}`,
        detail: `${degraded.reason[0]?.toUpperCase()}${degraded.reason.slice(1)}. Entries in memory are not served until this is over.`,
      })
    if (fallen)
      items.push({
        ...common,
        id: `cache:${name}:${namespace}:hit-ratio`,
        text: `hit ratio fell from ${percent(fallen.from)} to ${percent(fallen.to)}`,
        detail:
          'Lookups go to the origin instead. Usual causes: a change in how keys are built, a shorter time to live, evictions, a repeating invalidation.',
        since: fallen.since,
      })
    return items
  })
}

const percent = (share: number) => `${Math.round(100 * share)} %`
