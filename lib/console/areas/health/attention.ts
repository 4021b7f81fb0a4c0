import type { FleetSnapshot } from '../../fleet/port.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import { processes } from '../../platform/counted.ts'
import { healthOf } from './collect.ts'

/** Checks that are down or degraded in some process, once for each service. */
export function ofHealth(snapshot: FleetSnapshot): AttentionItem[] {
  return healthOf(snapshot).flatMap(({ service, checks }) =>
    checks.flatMap((check): AttentionItem[] => {
      if (check.status !== 'down' && check.status !== 'degraded') return []
      const bad = check.status === 'down' && check.critical
      const total = check.counts.up + check.counts.degraded + check.counts.down + check.counts.unknown
      return [
        {
          id: `health:${service}:${check.name}`,
          band: bad ? 'failing' : 'degraded',
          share: total === 0 ? undefined : check.counts[check.status] / total,
          subject: `${service} / ${check.name}`,
          text: `is ${check.status} in ${check.counts[check.status]} of ${processes(total)}`,
          detail:
            [check.message && `${check.message}.`, check.nextStep].filter(Boolean).join(' ') ||
            'The check gave no message.',
          since: check.since,
          href: `health?q=${encodeURIComponent(check.name)}`,
          act: 'See health',
          owner: check.owner,
          runbook: check.runbook,
        },
      ]
    }),
  )
}
