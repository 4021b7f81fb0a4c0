import { toConsoleTime } from '../../fleet/clocks.ts'
import { BreakerItem, itemsOf } from '../../fleet/details.ts'
import type { FleetProcess, FleetSnapshot, ProcessState } from '../../fleet/port.ts'
import { ruleWords } from '../../fleet/rule-words.ts'

export type ShownState = 'open' | 'half-open' | 'closed' | 'unknown'

/** One breaker in one process. Times on the console's clock. `unknown`: its process stopped reporting. */
export interface BreakerInstance {
  breaker: string
  process: string
  instance: string
  service: string
  version?: string
  processState: ProcessState
  effective: ShownState
  computed: { state: Exclude<ShownState, 'unknown'>; since: number; frozenSince?: number }
  forced?: {
    id: string
    state: 'open' | 'closed' | 'shadow'
    reason: string
    by: string
    since: number
    until?: number
  }
  /** An open breaker whose wait is over: the next call is its probe. */
  probeDue: boolean
  probeAt?: number
  policy: BreakerItem['policy']
  /** The policy in words: `opens after 5 failures in a row`. */
  rule: string
  /** `23 of 25 calls`, compared with the threshold: now, and while not closed, when it opened. */
  window: { calls: number; failures: number }
  tripped?: { at: number; calls: number; failures: number }
  totals: BreakerItem['totals']
  lastFailure?: { at: number; message: string }
  halfOpenAfterMs: number
  timeoutMs?: number
  owner?: string
  runbook?: string
  /** The last minute; absent from processes with an older library, and before the first call. */
  stats?: BreakerItem['stats']
  policyOverride?: BreakerItem['policyOverride']
  slowCallMs?: number
  slowCallsFail?: boolean
  /** Acts that its process would refuse. */
  unsupported?: string[]
}

/** Every breaker of every process, except of stopped and replaced ones. */
export function breakersOf(snapshot: FleetSnapshot): BreakerInstance[] {
  return snapshot.processes.flatMap(process => {
    if (process.state === 'left' || process.state === 'replaced') return []
    return (itemsOf(process, 'breakers', BreakerItem)?.items ?? []).map(item => toInstance(item, process, snapshot))
  })
}

function toInstance(item: BreakerItem, process: FleetProcess, snapshot: FleetSnapshot): BreakerInstance {
  const time = (at: number) => toConsoleTime(at, process, snapshot)
  const silent = process.state === 'lost'
  const probeAt = item.probeAt === undefined ? undefined : time(item.probeAt)
  return {
    breaker: item.name,
    process: process.id,
    instance: process.instance,
    service: process.service,
    version: process.identity?.version,
    processState: process.state,
    effective: silent ? 'unknown' : item.effective,
    computed: {
      state: item.computed.state,
      since: time(item.computed.since),
      frozenSince: item.computed.frozenSince === undefined ? undefined : time(item.computed.frozenSince),
    },
    forced: item.forced && {
      ...item.forced,
      since: time(item.forced.since),
      until: item.forced.until === undefined ? undefined : time(item.forced.until),
    },
    probeDue: item.effective === 'open' && !item.forced && probeAt !== undefined && probeAt <= Date.now(),
    probeAt,
    policy: item.policy,
    rule: ruleWords(item.policy),
    window: item.window,
    tripped: item.tripped && { ...item.tripped, at: time(item.tripped.at) },
    totals: item.totals,
    lastFailure: item.lastFailure && { at: time(item.lastFailure.at), message: item.lastFailure.message },
    halfOpenAfterMs: item.halfOpenAfterMs,
    timeoutMs: item.timeoutMs,
    owner: item.owner ?? process.identity?.owner,
    runbook: item.runbook ?? process.identity?.runbook,
    stats: item.stats && {
      ...item.stats,
      failureClasses: item.stats.failureClasses.map(failures => ({ ...failures, at: time(failures.at) })),
    },
    policyOverride: item.policyOverride && {
      ...item.policyOverride,
      since: time(item.policyOverride.since),
      until: item.policyOverride.until === undefined ? undefined : time(item.policyOverride.until),
    },
    slowCallMs: item.slowCallMs,
    slowCallsFail: item.slowCallsFail,
    unsupported: item.unsupported,
  }
}
