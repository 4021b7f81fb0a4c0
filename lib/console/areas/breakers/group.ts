import { ruleWords } from '../../fleet/rule-words.ts'
import type { BreakerInstance, ShownState } from './collect.ts'
import { type GroupStats, groupStats } from './group-stats.ts'

/** One dependency over all processes that guard it. */
export interface BreakerGroup {
  name: string
  /** The most severe effective state among its processes. */
  state: ShownState
  counts: Record<ShownState, number>
  /** Living processes are not in the same effective state. */
  disagree: boolean
  processes: number
  services: string[]
  forced?: { count: number; states: string[]; by: string[]; reason: string; until?: number }
  /** Over the living processes, now. */
  window: { calls: number; failures: number }
  /** What is compared with the threshold: for those that opened, as it was then; otherwise as it is now. */
  measured: { calls: number; failures: number; when: 'opened' | 'now' }
  /** Share of failures at which it trips, where the policy has one; otherwise the number of consecutive failures. */
  policy: BreakerInstance['policy']
  mixedPolicy: boolean
  totals: { successes: number; failures: number; rejected: number }
  since: number
  lastFailure?: { at: number; message: string; instance: string }
  /** The soonest probe among the open ones. */
  probeAt?: number
  probeDue: boolean
  owner?: string
  runbook?: string
  /** The last minute; absent where no process measures it. */
  stats?: GroupStats
  /** Rules that an operator changed, in so many processes. */
  changed?: { count: number; by: string[]; reason: string; until?: number; declared: string }
  /** In words: `opens after 5 failures in a row`. */
  rule: string
}

const BY_SEVERITY: ShownState[] = ['open', 'half-open', 'unknown', 'closed']

/** Breakers of one name are one dependency. */
export function groupBreakers(instances: BreakerInstance[]): BreakerGroup[] {
  const groups = Map.groupBy(instances, instance => instance.breaker)
  return [...groups].map(([name, members]) => toGroup(name, members))
}

function toGroup(name: string, members: BreakerInstance[]): BreakerGroup {
  const counts: Record<ShownState, number> = { open: 0, 'half-open': 0, closed: 0, unknown: 0 }
  for (const member of members) counts[member.effective]++
  const state = BY_SEVERITY.find(candidate => counts[candidate] > 0) ?? 'unknown'
  const worst = members.filter(member => member.effective === state)
  const forced = members.filter(member => member.forced && member.effective !== 'unknown')
  const failures = members.flatMap(member =>
    member.lastFailure ? [{ ...member.lastFailure, instance: member.instance }] : [],
  )
  const probes = members.flatMap(member =>
    member.effective === 'open' && !member.forced && member.probeAt !== undefined ? [member.probeAt] : [],
  )
  const first = members[0] as BreakerInstance
  const living = members.filter(member => member.effective !== 'unknown')
  const sum = (pick: (member: BreakerInstance) => number) => living.reduce((total, member) => total + pick(member), 0)
  const changed = members.flatMap(({ policyOverride }) => policyOverride ?? [])
  const untils = forced.flatMap(member => (member.forced?.until === undefined ? [] : [member.forced.until]))
  return {
    name,
    state,
    counts,
    disagree: new Set(living.map(member => member.effective)).size > 1,
    processes: members.length,
    services: [...new Set(members.map(member => member.service))].sort(),
    forced:
      forced.length === 0
        ? undefined
        : {
            count: forced.length,
            states: [...new Set(forced.map(member => member.forced?.state ?? ''))],
            by: [...new Set(forced.map(member => member.forced?.by ?? ''))],
            reason: forced[0]?.forced?.reason ?? '',
            until: untils.length === forced.length ? Math.max(...untils) : undefined,
          },
    window: { calls: sum(member => member.window.calls), failures: sum(member => member.window.failures) },
    measured: measure(state, worst, living),
    policy: first.policy,
    mixedPolicy: new Set(members.map(member => JSON.stringify(member.policy))).size > 1,
    totals: {
      successes: sum(member => member.totals.successes),
      failures: sum(member => member.totals.failures),
      rejected: sum(member => member.totals.rejected),
    },
    since: Math.min(...worst.map(sinceOf)),
    lastFailure: failures.sort((a, b) => b.at - a.at)[0],
    probeAt: probes.length > 0 ? Math.min(...probes) : undefined,
    probeDue: members.some(member => member.probeDue),
    owner: members.find(member => member.owner)?.owner,
    runbook: members.find(member => member.runbook)?.runbook,
    stats: groupStats(living),
    changed: changed[0] && {
      count: changed.length,
      by: [...new Set(changed.map(({ by }) => by))],
      reason: changed[0].reason,
      until: changed.every(({ until }) => until !== undefined)
        ? Math.max(...changed.map(({ until }) => until ?? 0))
        : undefined,
      declared: ruleWords(changed[0].declared.policy),
    },
    rule: first.rule,
  }
}

/** Shares of calls add up over processes; consecutive failures do not, so there the longest counts. */
function measure(state: ShownState, worst: BreakerInstance[], living: BreakerInstance[]): BreakerGroup['measured'] {
  const opened = state === 'open' || state === 'half-open' ? worst.filter(member => member.tripped) : []
  const windows = opened.length > 0 ? opened.map(member => member.tripped) : living.map(member => member.window)
  const inARow = worst[0]?.policy.kind === 'consecutive'
  const over = (pick: (window: { calls: number; failures: number } | undefined) => number) =>
    inARow ? Math.max(0, ...windows.map(pick)) : windows.reduce((sum, window) => sum + pick(window), 0)
  return {
    calls: over(window => window?.calls ?? 0),
    failures: over(window => window?.failures ?? 0),
    when: opened.length > 0 ? 'opened' : 'now',
  }
}

/** Since when the effective state holds: a forced one began with the force; failed probes do not restart an outage. */
export function sinceOf({ forced, computed, tripped }: BreakerInstance): number {
  return forced && forced.state !== 'shadow' ? forced.since : (tripped?.at ?? computed.since)
}

export function gravityOf(state: ShownState): number {
  return BY_SEVERITY.indexOf(state)
}
