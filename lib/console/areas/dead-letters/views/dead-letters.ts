import { z } from 'zod'
import { byText } from '../../../../core/text-order.ts'
import { Fleet } from '../../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { Part } from '../../../platform/part/part.ts'
import { redactedText } from '../../../platform/redact.ts'
import { defineView } from '../../../platform/view/define.ts'
import { Direction, turnOf } from '../../../platform/view/direction.ts'
import { exact, search, text } from '../../../platform/view/text-filters.ts'
import { Series } from '../../../series/resource.ts'
import { Queues } from '../../queues/index.ts'
import { type FailureGroup, groupsOf } from '../groups.ts'
import type { ServerFailures } from '../port.ts'
import { DeadLetters } from '../resource.ts'

const LIMIT = 300
/** A kind of failure is current when it failed as lately, and new when it was first seen as lately (ms). */
const CURRENT_MS = 10 * 60_000
const NEW_MS = 60 * 60_000
const DEPLOYS_MS = 30 * 24 * 3_600_000

export const STATES = ['current', 'new', 'older'] as const

export interface DeadLettersData {
  groups: GroupRow[]
  /** How many match; more than are listed when the list is cut. */
  total: number
  counts: Record<'all' | (typeof STATES)[number], number>
  /** Every watched Redis. Groups of one that is `down` are missing. */
  servers: FailureServerRow[]
  /** The queues and services of all groups, for the filters. */
  queues: string[]
  services: string[]
  /** All servers answered and all their queues were examined, and there is no dead letter. */
  none: boolean
  /** When the oldest of the readings was made; absent when there is none. */
  examinedAt?: number
}

/** A group as a row. Its texts are masked for readers who may not see job data. */
export interface GroupRow extends FailureGroup {
  isCurrent: boolean
  isNew: boolean
}

export interface FailureServerRow {
  name: string
  address: string
  /** `unread`: it is being examined for the first time. */
  status: Part<unknown>['status'] | 'unread'
  at?: number
  reason?: string
  since?: number
  nextStep?: string
  deadLetters: number
  examined: number
  /** Its queues are still being looked for or examined. */
  complete: boolean
}

/** The dead letters of all queues, by what they failed of. */
export const deadLettersView = defineView({
  id: 'dead-letters',
  title: 'Dead letters',
  permission: 'queue:read',
  topics: ['dead-letters'],
  filters: z.object({
    q: search,
    state: z.enum(['all', ...STATES]).default('all'),
    /** `prefix:name` */
    queue: exact(600),
    server: text(60),
    service: text(200),
    sort: z.enum(['last', 'first', 'count', 'name']).default('last'),
    dir: Direction,
  }),
  freshFor: 1_000,
  async read({ environment, permissions }, filters): Promise<DeadLettersData> {
    const { groups, servers } = await readGroups(environment)
    const now = Date.now()
    const mayRead = permissions.includes('queue:payload')
    const rows = groups.map(group => toGroupRow(group, now, mayRead))
    const matching = rows.filter(row => fits(row, filters))
    const listed = matching.filter(row => isIn(row, filters.state))
    const turn = turnOf(filters.dir, filters.sort === 'name' ? 'asc' : 'desc')
    const times = servers.flatMap(({ at }) => at ?? [])
    return {
      groups: listed.sort((a, b) => turn * ORDER[filters.sort](a, b)).slice(0, LIMIT),
      total: listed.length,
      counts: {
        all: matching.length,
        current: matching.filter(row => isIn(row, 'current')).length,
        new: matching.filter(row => isIn(row, 'new')).length,
        older: matching.filter(row => isIn(row, 'older')).length,
      },
      servers,
      queues: [...new Set(rows.flatMap(row => row.places.map(({ queue }) => queue)))].sort(byText),
      services: [...new Set(rows.flatMap(row => row.services))].sort(byText),
      none: rows.length === 0 && servers.every(({ status, complete }) => status === 'up' && complete),
      ...(times.length > 0 ? { examinedAt: Math.min(...times) } : {}),
    }
  },
})

/** The groups of an environment with what the fleet knows of them, and the state of each server. */
export async function readGroups(
  environment: ConsoleEnvironment,
): Promise<{ groups: FailureGroup[]; servers: FailureServerRow[] }> {
  const indexes = environment.of(DeadLetters)
  for (const index of indexes.servers) index.look()
  const now = Date.now()
  const [fleet, deploys] = await Promise.all([
    environment.of(Fleet).read(['workers']),
    environment.of(Series).deploys({ from: now - DEPLOYS_MS, to: now }),
  ])
  const parts = indexes.servers.map(index => index.peek())
  const groups = groupsOf(indexes.servers, parts, {
    fleet: fleet.status === 'down' ? undefined : fleet.data,
    deploys: deploys.status === 'down' ? [] : deploys.data,
  })
  const watched = environment.of(Queues)
  const servers = indexes.servers.map(({ server }, at) =>
    toServerRow(server, watched.server(server)?.address ?? '', parts[at]),
  )
  return { groups, servers }
}

function toServerRow(name: string, address: string, part: Part<ServerFailures> | undefined): FailureServerRow {
  const nothing = { name, address, deadLetters: 0, examined: 0, complete: false }
  if (!part) return { ...nothing, status: 'unread' }
  const outage = part.status === 'up' ? {} : { reason: part.reason, since: part.since, nextStep: part.nextStep }
  if (part.status === 'down') return { ...nothing, ...outage, status: 'down' }
  const { queues, complete } = part.data
  return {
    ...nothing,
    ...outage,
    status: part.status,
    at: part.at,
    deadLetters: queues.reduce((sum, { total }) => sum + total, 0),
    examined: queues.reduce((sum, { examined }) => sum + examined, 0),
    complete,
  }
}

/** What a reader without the permission for job data sees of a group: its texts masked. */
export function toGroupRow(group: FailureGroup, now: number, mayRead: boolean): GroupRow {
  const mask = mayRead ? (given: string) => given : redactedText
  return {
    ...group,
    pattern: mask(group.pattern),
    newest: { ...group.newest, error: mask(group.newest.error) },
    isCurrent: now - group.last < CURRENT_MS,
    isNew: now - group.first < NEW_MS,
  }
}

/** A group may be new and current. */
function isIn({ isCurrent, isNew }: GroupRow, state: 'all' | (typeof STATES)[number]): boolean {
  if (state === 'current') return isCurrent
  if (state === 'new') return isNew
  return state === 'all' || !(isCurrent || isNew)
}

function fits(
  row: GroupRow,
  { q, queue, server, service }: { q: string; queue: string; server: string; service: string },
): boolean {
  const wanted = q.toLowerCase()
  const texts = [row.job, row.class, row.code, row.pattern, row.newest.error, row.fingerprint]
  return (
    (!wanted ||
      texts.some(each => each?.toLowerCase().includes(wanted)) ||
      row.places.some(place => place.queue.toLowerCase().includes(wanted))) &&
    (!queue || row.places.some(place => place.queue === queue)) &&
    (!server || row.places.some(place => place.server === server)) &&
    (!service || row.services.includes(service))
  )
}

const titleOf = ({ class: type = '', pattern }: GroupRow) => `${type} ${pattern}`
const byName = (a: GroupRow, b: GroupRow) => byText(titleOf(a), titleOf(b)) || byText(a.fingerprint, b.fingerprint)
const ORDER: Record<'last' | 'first' | 'count' | 'name', (a: GroupRow, b: GroupRow) => number> = {
  last: (a, b) => b.last - a.last || byName(a, b),
  first: (a, b) => b.first - a.first || byName(a, b),
  count: (a, b) => b.count - a.count || byName(a, b),
  name: byName,
}
