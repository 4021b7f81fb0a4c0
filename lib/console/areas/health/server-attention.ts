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

/** Watched servers that do not answer. One that answers is judged by its own area. */
export function ofTargets(targets: readonly Target[]): AttentionItem[] {
  return targets.flatMap(({ name, report }): AttentionItem[] => {
    if (report.status === 'up') return []
    return [
      {
        id: `target:${name}`,
        band: 'outage',
        subject: name,
        text: 'is down',
        detail: `${report.reason}. ${report.nextStep ?? ''}`.trim(),
        since: report.since,
        href: 'health',
        act: 'See health',
      },
    ]
  })
}
