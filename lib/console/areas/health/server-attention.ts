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
        severity: status === 'down' ? 'bad' : 'warning',
        subject: name,
        text: `is ${status}`,
        detail: [`${message}.`, effect, nextStep].filter(Boolean).join(' '),
        since,
        href: 'health',
        act: 'See health',
        weight: status === 'down' ? 95 : 40,
      },
    ]
  })
}

/** Watched servers that do not answer, and what a probe warned of in the others. */
export function ofTargets(targets: readonly Target[]): AttentionItem[] {
  return targets.flatMap(({ name, report }): AttentionItem[] => {
    const common = { subject: name, href: 'health', act: 'See health' }
    if (report.status === 'up')
      return report.data.warnings.map(warning => ({
        ...common,
        id: `target:${name}:${warning}`,
        severity: 'warning',
        text: 'wants a look',
        detail: warning,
        weight: 35,
      }))
    return [
      {
        ...common,
        id: `target:${name}`,
        severity: 'bad',
        text: 'is down',
        detail: `${report.reason}. ${report.nextStep ?? ''}`.trim(),
        since: report.since,
        weight: 85,
      },
    ]
  })
}
