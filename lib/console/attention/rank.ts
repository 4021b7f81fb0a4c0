import { breakersOf } from '../breakers/collect.ts'
import { type BreakerGroup, groupBreakers } from '../breakers/group.ts'
import { fromRedisTime } from '../fleet/clocks.ts'
import type { FleetProcess, FleetSnapshot } from '../fleet/port.ts'
import { healthOf } from '../health/collect.ts'
import type { OwnComponent } from '../health/own.ts'
import type { Part } from '../part.ts'
import type { Target } from '../targets/port.ts'
import { ofCaches } from './caches.ts'
import { ofMigrations, type StandingOf } from './migrations.ts'
import { ofQueues } from './queues.ts'

export type Severity = 'bad' | 'warning' | 'unknown'

/** Something that wants a person, with the likely act. `href` is below the environment. */
export interface AttentionItem {
  id: string
  severity: Severity
  domain: 'breakers' | 'services' | 'health' | 'console' | 'targets' | 'caches' | 'queues' | 'migrations'
  subject: string
  text: string
  detail: string
  since?: number
  href: string
  act: string
  runbook?: string
  owner?: string
  /** It mends itself if the dependency does: half-open, probe under way. */
  recovering?: boolean
  weight: number
}

/** What needs attention over all domains, the gravest effect on users first. */
export function rankAttention(
  fleet: Part<FleetSnapshot>,
  own: OwnComponent[],
  targets: Target[],
  queues: Parameters<typeof ofQueues>[0] = [],
  standings: StandingOf[] = [],
): AttentionItem[] {
  const items: AttentionItem[] = ofQueues(queues)
  for (const component of own) {
    if (component.status !== 'down' && component.status !== 'degraded') continue
    const { id, name, message, effect, since, nextStep } = component
    items.push({
      id: `console:${id}`,
      severity: component.status === 'down' ? 'bad' : 'warning',
      domain: 'console',
      subject: name,
      text: component.status === 'down' ? 'is down' : 'is degraded',
      detail: [`${message}.`, effect, nextStep].filter(Boolean).join(' '),
      since,
      href: 'health',
      act: 'See health',
      weight: component.status === 'down' ? 95 : 40,
    })
  }
  for (const target of targets) {
    if (target.report.status === 'up') {
      for (const warning of target.report.data.warnings) {
        items.push({
          id: `target:${target.name}:${warning}`,
          severity: 'warning',
          domain: 'targets',
          subject: target.name,
          text: 'wants a look',
          detail: warning,
          href: 'health',
          act: 'See health',
          weight: 35,
        })
      }
    } else
      items.push({
        id: `target:${target.name}`,
        severity: 'bad',
        domain: 'targets',
        subject: target.name,
        text: 'is down',
        detail: `${target.report.reason}. ${target.report.nextStep ?? ''}`,
        since: target.report.since,
        href: 'health',
        act: 'See health',
        weight: 85,
      })
  }
  items.push(...ofMigrations(standings, targets))
  if (fleet.status !== 'down')
    items.push(...ofBreakers(fleet.data), ...ofProcesses(fleet.data), ...ofHealth(fleet.data), ...ofCaches(fleet.data))
  return items.sort((a, b) => b.weight - a.weight || (a.since ?? 0) - (b.since ?? 0))
}

function ofBreakers(snapshot: FleetSnapshot): AttentionItem[] {
  return groupBreakers(breakersOf(snapshot)).flatMap(group => {
    const item = ofBreaker(group)
    return item ? [item] : []
  })
}

function ofBreaker(group: BreakerGroup): AttentionItem | undefined {
  const { name, counts, processes, forced, lastFailure, probeAt, probeDue } = group
  const where = `in ${counts.open} of ${processes} ${processes === 1 ? 'process' : 'processes'}`
  const common = {
    domain: 'breakers' as const,
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
      severity: 'warning' as const,
      text: `is forced ${forced.states.join(' and ')} in ${forced.count} of ${processes} processes`,
      detail: `By ${forced.by.join(', ')}: ${forced.reason}`,
      weight: 45,
    }
    if (counts.open <= forced.count) return item
  }
  if (counts.open > 0) {
    const share = counts.open / processes
    const failing = `${group.measured.failures} of ${group.measured.calls} calls failed${group.measured.when === 'opened' ? ' when it opened' : ''}${lastFailure ? `: ${lastFailure.message}` : ''}`
    const probe = probeDue
      ? 'The next call is its probe.'
      : probeAt === undefined
        ? ''
        : 'It probes by itself once its wait is over.'
    return {
      ...common,
      id: `breaker:${name}`,
      severity: 'bad',
      text: `breaker is open ${where}`,
      detail: [`${failing}.`, probe].filter(Boolean).join(' '),
      weight: 70 + 20 * share,
    }
  }
  if (counts['half-open'] > 0)
    return {
      ...common,
      id: `breaker:${name}`,
      severity: 'warning',
      text: `is half-open in ${counts['half-open']} of ${processes} processes`,
      detail: 'A probe is under way; it closes if that succeeds.',
      recovering: true,
      weight: 50,
    }
  return undefined
}

function ofProcesses(snapshot: FleetSnapshot): AttentionItem[] {
  const items: AttentionItem[] = []
  const by = (state: FleetProcess['state']) =>
    Map.groupBy(
      snapshot.processes.filter(process => process.state === state),
      process => process.service,
    )
  for (const [service, lost] of by('lost')) {
    const living = snapshot.processes.filter(
      process => process.service === service && (process.state === 'up' || process.state === 'late'),
    ).length
    const last = Math.max(...lost.map(process => process.lastBeatAt))
    items.push({
      id: `lost:${service}`,
      severity: 'bad',
      domain: 'services',
      subject: service,
      text: lost.length === 1 ? `lost ${lost[0]?.instance}` : `lost ${lost.length} processes`,
      detail: `No goodbye, no beat since. ${living === 0 ? 'None of this service is left.' : `${living} of it ${living === 1 ? 'is' : 'are'} up.`}`,
      since: fromRedisTime(last, snapshot),
      href: `services?service=${encodeURIComponent(service)}&state=lost`,
      act: 'See processes',
      weight: living === 0 ? 92 : 65,
    })
  }
  for (const [service, late] of by('late')) {
    items.push({
      id: `late:${service}`,
      severity: 'warning',
      domain: 'services',
      subject: service,
      text: `is late with ${late.length === 1 ? late[0]?.instance : `${late.length} processes`}`,
      detail: 'Three beats missed: overloaded, paused or cut off.',
      since: fromRedisTime(Math.max(...late.map(process => process.lastBeatAt)), snapshot),
      href: `services?service=${encodeURIComponent(service)}&state=late`,
      act: 'See processes',
      recovering: true,
      weight: 42,
    })
  }
  const skewed = snapshot.processes.filter(process => process.state === 'up' && Math.abs(process.skew ?? 0) > 1_000)
  if (skewed.length > 0)
    items.push({
      id: 'skew',
      severity: 'warning',
      domain: 'services',
      subject: `${skewed.length} ${skewed.length === 1 ? 'process' : 'processes'}`,
      text: 'have clocks more than a second off',
      detail: skewed
        .slice(0, 5)
        .map(process => `${process.instance} ${Math.round((process.skew ?? 0) / 100) / 10} s`)
        .join(', '),
      href: 'services',
      act: 'See services',
      weight: 30,
    })
  const newer = snapshot.processes.filter(process => process.unsupported !== undefined)
  if (newer.length > 0)
    items.push({
      id: 'unsupported',
      severity: 'unknown',
      domain: 'services',
      subject: `${newer.length} ${newer.length === 1 ? 'process speaks' : 'processes speak'}`,
      text: 'a protocol newer than this console',
      detail: 'They are listed, but what they report is not understood. Update the console.',
      href: 'services',
      act: 'See services',
      weight: 38,
    })
  return items
}

function ofHealth(snapshot: FleetSnapshot): AttentionItem[] {
  return healthOf(snapshot).flatMap(({ service, checks }) =>
    checks.flatMap((check): AttentionItem[] => {
      if (check.status !== 'down' && check.status !== 'degraded') return []
      const bad = check.status === 'down' && check.critical
      const total = check.counts.up + check.counts.degraded + check.counts.down + check.counts.unknown
      return [
        {
          id: `health:${service}:${check.name}`,
          severity: bad ? 'bad' : 'warning',
          domain: 'health',
          subject: `${service} / ${check.name}`,
          text: `is ${check.status} in ${check.counts[check.status]} of ${total} ${total === 1 ? 'process' : 'processes'}`,
          detail:
            [check.message && `${check.message}.`, check.nextStep].filter(Boolean).join(' ') ||
            'The check gave no message.',
          since: check.since,
          href: `health?q=${encodeURIComponent(check.name)}`,
          act: 'See health',
          owner: check.owner,
          runbook: check.runbook,
          weight: bad ? 75 : 44,
        },
      ]
    }),
  )
}
