import { z } from 'zod'
import { byText } from '../../../../core/text-order.ts'
import type { Vitals } from '../../../../infrastructure/fleet/index.ts'
import { fromRedisTime } from '../../../fleet/clocks.ts'
import { countStates } from '../../../fleet/count-states.ts'
import { BreakerItem, HealthItem, itemsOf } from '../../../fleet/details.ts'
import { isLiving } from '../../../fleet/living.ts'
import type { FleetProcess, FleetSnapshot, ProcessState } from '../../../fleet/port.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { Direction, turnOf } from '../../../platform/view/direction.ts'
import { matchesState, matchesText, processFilters } from '../matching.ts'

const LIMIT = 300
const SORTS = ['state', 'name', 'cpu', 'memory', 'lag', 'age'] as const

export interface ProcessRow {
  id: string
  service: string
  instance: string
  state: ProcessState
  version?: string
  commit?: string
  host?: string
  pid?: number
  runtime?: string
  startedAt?: number
  lastBeatAt: number
  silentFor: number
  vitals?: Vitals
  /** Own clock minus Redis' (ms); more than a second needs attention. */
  skew?: number
  droppedEvents: number
  /** Set when its protocol is newer than this console understands. */
  unsupported?: number
  /** How many of each it has, and how many of those are in trouble. */
  has: { domain: string; count: number; trouble: number }[]
  owner?: string
  runbook?: string
}

export interface ServiceRow {
  service: string
  states: Record<ProcessState, number>
  versions: { version: string; count: number }[]
  owner?: string
  /** Sums over living processes; absent when none reports. */
  cpu?: number
  rss?: number
  /** Worst event loop delay (ms). */
  lag?: number
}

export interface ServicesData {
  services: Part<{
    services: ServiceRow[]
    /** The first of them; `total` is how many match. */
    processes: ProcessRow[]
    total: number
    /** Of those that match service and search, whatever their state. */
    counts: Record<ProcessState, number>
  }>
}

/** Every current or recent process, by service. */
export const servicesView = defineView({
  id: 'services',
  title: 'Services',
  permission: 'fleet:read',
  topics: ['fleet', 'breakers', 'health'],
  filters: z.object({
    ...processFilters,
    sort: z.enum(SORTS).default('state'),
    dir: Direction,
  }),
  freshFor: 1_000,
  async read({ environment }, filters): Promise<ServicesData> {
    const fleet = await environment.of(Fleet).read(['breakers', 'health', 'caches', 'workers'])
    return {
      services: mapPart(fleet, snapshot => {
        const found = snapshot.processes.filter(process => matchesText(process, filters))
        const matching = found.filter(process => matchesState(process, filters.state))
        const turn = turnOf(filters.dir, filters.sort === 'name' || filters.sort === 'state' ? 'asc' : 'desc')
        const listed = matching.sort((a, b) => orders[filters.sort](a, b, turn)).slice(0, LIMIT)
        const counts = countStates(found)
        return {
          services: serviceRows(snapshot.processes),
          processes: listed.map(process => toRow(process, snapshot)),
          total: matching.length,
          counts,
        }
      }),
    }
  },
})

const BY_SEVERITY: ProcessState[] = ['lost', 'late', 'up', 'replaced', 'left']
const byName = (a: FleetProcess, b: FleetProcess) => byText(a.service, b.service) || byText(a.instance, b.instance)
type Order = (a: FleetProcess, b: FleetProcess, turn: number) => number
const orders: Record<(typeof SORTS)[number], Order> = {
  state: (a, b, turn) => turn * (BY_SEVERITY.indexOf(a.state) - BY_SEVERITY.indexOf(b.state)) || byName(a, b),
  name: (a, b, turn) => turn * byName(a, b),
  cpu: descending(process => process.beat?.vitals.cpu),
  memory: descending(process => process.beat?.vitals.rss),
  lag: descending(process => process.beat?.vitals.lag),
  age: descending(process => process.identity?.startedAt),
}

/** Unknown comes last in both directions. */
function descending(figure: (process: FleetProcess) => number | undefined): Order {
  return (a, b, turn) => {
    const [left, right] = [figure(a), figure(b)]
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined) || byName(a, b)
    return turn * (right - left) || byName(a, b)
  }
}

function serviceRows(processes: FleetProcess[]): ServiceRow[] {
  return [...Map.groupBy(processes, process => process.service)]
    .map(([service, members]) => {
      const living = members.filter(isLiving)
      const vitals = living.flatMap(({ beat }) => (beat ? [beat.vitals] : []))
      const versions = Map.groupBy(living, member => member.identity?.version ?? 'unknown')
      return {
        service,
        states: countStates(members),
        versions: [...versions]
          .map(([version, list]) => ({ version, count: list.length }))
          .sort((a, b) => b.count - a.count),
        owner: members.find(member => member.identity?.owner)?.identity?.owner,
        ...(vitals.length > 0 && {
          cpu: vitals.reduce((sum, { cpu }) => sum + cpu, 0),
          rss: vitals.reduce((sum, { rss }) => sum + rss, 0),
          lag: Math.max(...vitals.map(({ lag }) => lag)),
        }),
      }
    })
    .sort(
      (a, b) =>
        Number(b.states.lost > 0) - Number(a.states.lost > 0) ||
        Number(b.states.late > 0) - Number(a.states.late > 0) ||
        byText(a.service, b.service),
    )
}

/** One process as a row. Times on the console's clock. */
export function toRow(process: FleetProcess, snapshot: FleetSnapshot): ProcessRow {
  const { identity, beat } = process
  return {
    id: process.id,
    service: process.service,
    instance: process.instance,
    state: process.state,
    version: identity?.version,
    commit: identity?.commit,
    host: identity?.host,
    pid: identity?.pid,
    runtime: identity?.runtime,
    startedAt: identity?.startedAt,
    lastBeatAt: fromRedisTime(process.lastBeatAt, snapshot),
    silentFor: process.silentFor,
    vitals: beat?.vitals,
    skew: beat?.skew,
    droppedEvents: beat?.dropped ?? 0,
    unsupported: process.unsupported,
    has: domainsOf(process),
    owner: identity?.owner,
    runbook: identity?.runbook,
  }
}

function domainsOf(process: FleetProcess): ProcessRow['has'] {
  return [...process.details]
    .map(([domain, detail]) => ({ domain, count: detail.total, trouble: troubleIn(process, domain) }))
    .sort((a, b) => a.domain.localeCompare(b.domain))
}

function troubleIn(process: FleetProcess, domain: string): number {
  if (domain === 'breakers')
    return itemsOf(process, domain, BreakerItem)?.items.filter(item => item.effective !== 'closed').length ?? 0
  if (domain === 'health')
    return (
      itemsOf(process, domain, HealthItem)?.items.filter(item => item.status === 'down' || item.status === 'degraded')
        .length ?? 0
    )
  return 0
}
