import type { FleetSnapshot } from '../../fleet/port.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { counted, processes } from '../../platform/counted.ts'
import { type Flapping, spanWords } from '../../platform/timeline/flapping.ts'
import { healthOf } from './collect.ts'

/** Checks that are down, degraded or flapping in some process, once for each service. */
export function ofHealth(
  snapshot: FleetSnapshot,
  flapping: ReadonlyMap<string, Flapping> = new Map(),
): AttentionItem[] {
  return healthOf(snapshot).flatMap(({ service, checks }) =>
    checks.flatMap((check): AttentionItem[] => {
      const unsteady = flapping.get(`${service}/${check.name}`)
      if (check.status !== 'down' && check.status !== 'degraded' && !unsteady) return []
      const bad = (check.status === 'down' || unsteady !== undefined) && check.critical
      const total = check.counts.up + check.counts.degraded + check.counts.down + check.counts.unknown
      return [
        {
          id: `health:${service}:${check.name}`,
          band: bad ? 'failing' : 'degraded',
          share: total === 0 ? undefined : (unsteady ? unsteady.places.length : check.counts[check.status]) / total,
          subject: `${service} / ${check.name}`,
          text: unsteady
            ? `is flapping: failed ${counted(unsteady.times, 'time')} in ${spanWords(unsteady.until - unsteady.since)}`
            : `is ${check.status} in ${check.counts[check.status]} of ${processes(total)}`,
          detail:
            [check.message && `${check.message}.`, check.nextStep].filter(Boolean).join(' ') ||
            'The check gave no message.',
          since: unsteady?.since ?? check.since,
          href: `health?q=${encodeURIComponent(check.name)}`,
          act: 'See health',
          owner: check.owner,
          runbook: check.runbook,
        },
      ]
    }),
  )
}
