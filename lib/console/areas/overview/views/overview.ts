import { z } from 'zod'
import { countStates } from '../../../fleet/count-states.ts'
import { toEntry } from '../../../fleet/event-entry.ts'
import { isLiving } from '../../../fleet/living.ts'
import type { ProcessState } from '../../../fleet/port.ts'
import { Events, Fleet } from '../../../fleet/resources.ts'
import type { RankedItem } from '../../../platform/attention/collect.ts'
import { recentActs } from '../../../platform/audit/recent.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import type { TimelineEntry } from '../../../platform/timeline/entry.ts'
import { mergeTimeline } from '../../../platform/timeline/merge-timeline.ts'
import { defineView } from '../../../platform/view/define.ts'
import type { Target } from '../../../servers/probe/port.ts'
import { Probes } from '../../../servers/resources.ts'
import { type BreakerGroup, breakersOf, gravityOf, groupBreakers } from '../../breakers/index.ts'
import { type Verdict, verdictOf } from '../verdict.ts'

const EVENTS = 30
/** More is read than shown, because what happens in many processes at once is one entry. */
const EVENTS_READ = 150
const ATTENTION = 50
const BREAKERS = 12

export interface OverviewData {
  verdict: Verdict
  /** The first of them; `attentionCount` is how many there are. */
  attention: RankedItem[]
  attentionCount: number
  /** Muted by an operator. */
  muted: RankedItem[]
  fleet: Part<FleetFigures>
  /** What processes reported and operators did, the newest first. */
  events: Part<TimelineEntry[]>
  /** The watched servers, one line each. */
  targets: TargetSummary[]
}

export interface FleetFigures {
  states: Record<ProcessState, number>
  services: number
  /** Cores in use and resident memory (bytes) over the processes whose figures are known, and their number. */
  measured: number
  cpu?: number
  rss?: number
  /** The worst event loop delay (ms), and where. */
  lag?: { ms: number; process: string; instance: string }
  breakers: BreakerGroup[]
  breakerCount: number
}

export interface TargetSummary {
  name: string
  kind: Target['kind']
  address: string
  status: Part<unknown>['status']
  latencyMs?: number
  version?: string
  warnings: number
  /** The commands that its account may not use. */
  denied: string[]
  reason?: string
  since?: number
}

/** The first thing an engineer sees: the verdict, what needs attention, what happened. */
export const overviewView = defineView({
  id: 'overview',
  title: 'Overview',
  permission: 'fleet:read',
  topics: ['fleet', 'breakers', 'targets', 'events', 'audit', 'attention'],
  judges: true,
  filters: z.object({}),
  freshFor: 1_000,
  async read(context): Promise<OverviewData> {
    const { environment, store, outages } = context
    const [fleet, targets, happened, { items, muted }] = await Promise.all([
      environment.of(Fleet).read(['breakers']),
      environment.of(Probes).read(),
      part(
        'Postgres',
        outages,
        Promise.all([environment.of(Events).recent(EVENTS_READ), recentActs(store.db, environment.name, EVENTS)]),
      ),
      context.attention({ fresh: true }),
    ])
    return {
      verdict: verdictOf(fleet, items),
      attention: items.slice(0, ATTENTION),
      attentionCount: items.length,
      muted,
      fleet: mapPart(fleet, snapshot => {
        const groups = groupBreakers(breakersOf(snapshot)).sort(
          (a, b) => gravityOf(a.state) - gravityOf(b.state) || a.name.localeCompare(b.name),
        )
        const living = snapshot.processes.filter(isLiving)
        const measured = living.flatMap(({ id, instance, beat }) => (beat ? [{ id, instance, ...beat.vitals }] : []))
        const sum = (figure: 'cpu' | 'rss') =>
          measured.length === 0 ? undefined : measured.reduce((total, process) => total + process[figure], 0)
        const [slowest] = measured.toSorted((a, b) => b.lag - a.lag)
        return {
          states: countStates(snapshot.processes),
          services: new Set(living.map(process => process.service)).size,
          measured: measured.length,
          cpu: sum('cpu'),
          rss: sum('rss'),
          lag: slowest && { ms: slowest.lag, process: slowest.id, instance: slowest.instance },
          breakers: groups.slice(0, BREAKERS),
          breakerCount: groups.length,
        }
      }),
      events: mapPart(happened, ([events, acts]) => mergeTimeline([...events.map(toEntry), ...acts]).slice(0, EVENTS)),
      targets: targets.map(toSummary),
    }
  },
})

function toSummary({ name, kind, address, report }: Target): TargetSummary {
  if (report.status === 'down')
    return { name, kind, address, status: 'down', warnings: 0, denied: [], reason: report.reason, since: report.since }
  const { latencyMs, version, warnings, capabilities } = report.data
  return {
    name,
    kind,
    address,
    status: report.status,
    latencyMs,
    version,
    warnings: warnings.length,
    denied: capabilities.flatMap(({ name, allowed }) => (allowed ? [] : [name])),
  }
}
