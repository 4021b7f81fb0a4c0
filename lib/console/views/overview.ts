import { z } from 'zod'
import { type AttentionItem, rankAttention } from '../attention/rank.ts'
import { type Verdict, verdictOf } from '../attention/verdict.ts'
import { recentActs } from '../audit/recent.ts'
import { breakersOf } from '../breakers/collect.ts'
import { type BreakerGroup, gravityOf, groupBreakers } from '../breakers/group.ts'
import type { ProcessState } from '../fleet/port.ts'
import { ownHealth } from '../health/own.ts'
import type { Part } from '../part.ts'
import { part } from '../parts.ts'
import { defineView } from './define.ts'
import { mapPart } from './map-part.ts'
import { countStates } from './services.ts'
import { type TimelineEntry, toEntry } from './timeline-entry.ts'

const EVENTS = 30
const BREAKERS = 12

export interface OverviewData {
  verdict: Verdict
  attention: AttentionItem[]
  fleet: Part<{
    states: Record<ProcessState, number>
    services: number
    /** Cores in use and resident memory (bytes) over living processes, and the worst event loop delay (ms). */
    cpu: number
    rss: number
    lag: number
    breakers: BreakerGroup[]
    breakerCount: number
  }>
  /** What processes reported and operators did, the newest first. */
  events: Part<TimelineEntry[]>
}

/** The first thing an engineer sees: the verdict, what needs someone, what happened. */
export const overviewView = defineView({
  id: 'overview',
  title: 'Overview',
  permission: 'fleet:read',
  topics: ['fleet', 'breakers', 'health', 'events', 'audit', 'targets'],
  filters: z.object({}),
  freshFor: 1_000,
  async read(context): Promise<OverviewData> {
    const { environment, store, outages } = context
    const reading = environment.fleet.read(['breakers', 'health'])
    const [fleet, targets, events, acts] = await Promise.all([
      reading,
      environment.targets.read(),
      part('Postgres', outages, environment.events.recent(EVENTS)),
      part('Postgres', outages, recentActs(store.db, environment.name, EVENTS)),
    ])
    const own = await ownHealth(context, environment, fleet)
    const attention = rankAttention(fleet, own, targets)
    return {
      verdict: verdictOf(fleet, attention),
      attention: attention.slice(0, 50),
      fleet: mapPart(fleet, snapshot => {
        const groups = groupBreakers(breakersOf(snapshot)).sort(
          (a, b) => gravityOf(a.state) - gravityOf(b.state) || a.name.localeCompare(b.name),
        )
        const living = snapshot.processes.filter(process => process.state === 'up' || process.state === 'late')
        return {
          states: countStates(snapshot.processes),
          services: new Set(living.map(process => process.service)).size,
          cpu: living.reduce((sum, process) => sum + (process.beat?.vitals.cpu ?? 0), 0),
          rss: living.reduce((sum, process) => sum + (process.beat?.vitals.rss ?? 0), 0),
          lag: Math.max(0, ...living.map(process => process.beat?.vitals.lag ?? 0)),
          breakers: groups.slice(0, BREAKERS),
          breakerCount: groups.length,
        }
      }),
      events: mapPart(events, list => {
        const done = acts.status === 'up' ? acts.data : []
        return [...list.map(toEntry), ...done].sort((a, b) => b.at - a.at).slice(0, EVENTS)
      }),
    }
  },
})
