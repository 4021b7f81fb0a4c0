import type { AttentionItem } from '../../platform/attention/item.ts'
import type { Target } from '../../servers/probe/port.ts'
import type { OwnComponent } from './own.ts'

/** Parts of the console itself that are down or degraded. */
export function ofConsole(own: readonly OwnComponent[]): AttentionItem[] {
  return own.flatMap(({ id, name, status, message, effect, since, nextStep }): AttentionItem[] => {
    if (status !== 'down' && status !== 'degraded') return []
    return [
      {
        id: `console:${id}`,
        band: status === 'down' ? 'blind' : 'degraded',
        subject: name,
        text: `is ${status}`,
        detail: [`${message}.`, effect, nextStep].filter(Boolean).join(' '),
        since,
        href: 'health',
        act: 'See health',
      },
    ]
  })
}

/** Watched servers that do not answer, and the warnings of Postgres probes. A Redis that answers is judged by its own area. */
export function ofTargets(targets: readonly Target[]): AttentionItem[] {
  return targets.flatMap(({ name, kind, report }): AttentionItem[] => {
    const common = { subject: name, href: 'health', act: 'See health' }
    if (report.status === 'up' && kind === 'redis') return []
    if (report.status === 'up')
      return report.data.warnings.map(warning => ({
        ...common,
        id: `target:${name}:${warning}`,
        band: 'notice',
        text: 'has a warning',
        detail: warning,
      }))
    return [
      {
        ...common,
        id: `target:${name}`,
        band: 'outage',
        text: 'is down',
        detail: `${report.reason}. ${report.nextStep ?? ''}`.trim(),
        since: report.since,
      },
    ]
  })
}
