import { z } from 'zod'
import { HealthItem, itemsOf } from '../../../fleet/details.ts'
import { toEntry } from '../../../fleet/event-entry.ts'
import { Events, Fleet } from '../../../fleet/resources.ts'
import type { Permission } from '../../../platform/access/roles.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import type { TimelineEntry } from '../../../platform/timeline/entry.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { type BreakerInstance, breakersOf } from '../../breakers/index.ts'
import { type ProcessRow, toRow } from './services.ts'

export interface ProcessData {
  process: Part<{
    /** Absent when there is no process with that id in this environment. */
    row?: ProcessRow
    breakers: BreakerInstance[]
    health: HealthItem[]
    /** Domains without a page of their own, as they were reported. */
    others: ReportedDomain[]
    /** Verbs it obeys. */
    verbs: string[]
  }>
  events: Part<TimelineEntry[]>
}

export interface ReportedDomain {
  domain: string
  /** More than the listed items when they did not all fit. */
  total: number
  items: Record<string, unknown>[]
}

/** One process: its identity, what it has, what happened to it. */
export const processView = defineView({
  id: 'process',
  title: 'Process',
  permission: 'fleet:read',
  topics: ['fleet', 'breakers', 'health', 'events'],
  filters: z.object({ id: text(40) }),
  freshFor: 1_000,
  async read({ environment, outages, permissions }, { id }): Promise<ProcessData> {
    const [fleet, events] = await Promise.all([
      environment.of(Fleet).read(['breakers', 'health', 'caches', 'workers', 'pools']),
      part('Postgres', outages, environment.of(Events).recent(500)),
    ])
    return {
      process: mapPart(fleet, snapshot => {
        const found = snapshot.processes.find(process => process.id === id)
        if (!found) return { breakers: [], health: [], others: [], verbs: [] }
        const others = [...found.details]
          .filter(([domain]) => domain !== 'breakers' && domain !== 'health')
          .map(([domain, detail]) => ({
            domain,
            total: detail.total,
            items: detail.items
              .filter(isRecord)
              .slice(0, 50)
              .map(item => reportFor(permissions, item)),
          }))
        return {
          row: toRow(found, snapshot),
          breakers: breakersOf({ ...snapshot, processes: [found] }),
          // What a process reported before it fell silent may no longer be true.
          health: (itemsOf(found, 'health', HealthItem)?.items ?? []).map(item =>
            found.state === 'lost' ? { ...item, status: 'unknown', message: undefined, nextStep: undefined } : item,
          ),
          others,
          verbs: found.identity?.verbs ?? [],
        }
      }),
      events: mapPart(events, list =>
        list
          .filter(event => event.process === id)
          .slice(0, 30)
          .map(toEntry),
      ),
    }
  },
})

/** Fields of reports that may contain names of keys or data of jobs, and the permission that it takes to see those. */
const GUARDED: Readonly<Record<string, Permission>> = { lastInvalidation: 'key:read', lastError: 'queue:payload' }

function reportFor(permissions: readonly Permission[], item: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries(item).filter(([field]) => {
      const needed = GUARDED[field]
      return needed === undefined || permissions.includes(needed)
    }),
  )
}

function isRecord(item: unknown): item is Record<string, unknown> {
  return typeof item === 'object' && item !== null && !Array.isArray(item)
}
