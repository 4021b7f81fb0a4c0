import type { FleetSnapshot } from '../../fleet/port.ts'
import type { Part } from '../../platform/part/part.ts'
import type { Deploy } from '../../series/port.ts'
import { type DeadLetterIndexes, type QueueKind, type ServerFailures, TREND } from './port.ts'
import { type Release, releaseAt } from './release.ts'
import { workersByQueue } from './workers.ts'

/** Where dead letters of a group are. */
export interface GroupPlace {
  server: string
  /** `prefix:name` */
  queue: string
  count: number
  exact: boolean
  first: number
  last: number
}

/** Dead letters of one kind, over all queues. Times are ms by the clocks of the workers. */
export interface FailureGroup {
  fingerprint: string
  /** Name of the jobs. */
  job: string
  class?: string
  code?: string
  /** The message with what differs replaced. */
  pattern: string
  frame?: string
  count: number
  /** False: estimated from a sample; `examined` of all were read. */
  exact: boolean
  examined: number
  first: number
  last: number
  /** How many failed in each half hour of the last day. */
  trend: number[]
  places: GroupPlace[]
  /** Services whose workers have the queues, as far as they registered. */
  services: string[]
  release?: Release
  newest: QueueKind['newest'] & { server: string; queue: string }
  /** A server with some of them does not answer: these are its last figures. */
  stale: boolean
}

export interface GroupSources {
  fleet: FleetSnapshot | undefined
  deploys: readonly Deploy[]
}

/** The kinds of dead letters of all servers, the same kind once. */
export function groupsOf(
  servers: DeadLetterIndexes['servers'],
  parts: readonly (Part<ServerFailures> | undefined)[],
  { fleet, deploys }: GroupSources,
): FailureGroup[] {
  const groups = new Map<string, FailureGroup>()
  const workers = fleet ? workersByQueue(fleet) : new Map<string, never[]>()
  for (const [at, part] of parts.entries()) {
    if (!part || part.status === 'down') continue
    const server = servers[at]?.server ?? ''
    for (const { key, kinds } of part.data.queues)
      for (const kind of kinds) merge(groups, { kind, server, queue: key, stale: part.status === 'stale' })
  }
  for (const group of groups.values()) {
    const services = new Set(
      group.places.flatMap(({ queue }) => (workers.get(queue) ?? []).map(({ process }) => process.service)),
    )
    group.services = [...services].sort()
    const release = releaseAt(group.first, services, { deploys, fleet })
    if (release) group.release = release
    group.places.sort((a, b) => b.count - a.count)
  }
  return [...groups.values()]
}

function merge(
  groups: Map<string, FailureGroup>,
  { kind, server, queue, stale }: { kind: QueueKind; server: string; queue: string; stale: boolean },
) {
  const { failure, job, count, exact, examined, first, last, trend, newest } = kind
  const place = { server, queue, count, exact, first, last }
  const own = { ...newest, server, queue }
  const group = groups.get(failure.fingerprint)
  if (!group) {
    const { fingerprint, ...about } = failure
    const begun = { count, exact, examined, first, last, trend: [...trend], places: [place], newest: own, stale }
    groups.set(fingerprint, { ...about, ...begun, fingerprint, job, services: [] })
    return
  }
  group.count += count
  group.exact &&= exact
  group.examined += examined
  group.first = Math.min(group.first, first)
  group.last = Math.max(group.last, last)
  for (let part = 0; part < TREND.parts; part++) group.trend[part] = (group.trend[part] ?? 0) + (trend[part] ?? 0)
  group.places.push(place)
  if (own.failedAt > group.newest.failedAt) group.newest = own
  group.stale ||= stale
}
