import { DURATION_FAMILIES, REQUEST_FAMILIES, STATUS_LABELS } from '../../series/families.ts'
import { familyOf, labelsOf, SPLIT_SERIES, type Split } from '../../series/names.ts'
import type { KnownSeries } from '../../series/port.ts'

/** What requests are split by. */
export const DIVISIONS = ['route', 'version', 'process'] as const
export type Division = (typeof DIVISIONS)[number]

type Member = Pick<KnownSeries, 'service' | 'series'>

/** The series in which the requests of one route, version or process are counted and timed. */
export interface RequestMembers {
  id: string
  service: string
  name: string
  requests: Member[]
  /** Undefined where no status is counted: errors are unknown then, and not none. */
  errors: Member[] | undefined
  durations: Member[]
}

/** Names of series about requests in that division. */
export function familiesOf(division: Division): string[] {
  return division === 'route'
    ? [...REQUEST_FAMILIES, ...DURATION_FAMILIES]
    : Object.values(SPLIT_SERIES[division satisfies Split])
}

/** As frameworks and OpenTelemetry label it. */
const ROUTE_LABELS = ['route', 'http_route', 'path', 'handler']
const METHOD_LABELS = ['method', 'http_request_method', 'http_method']

export function requestsBy(division: Division, known: readonly Member[]): RequestMembers[] {
  const groups = new Map<string, RequestMembers>()
  for (const member of known) {
    const labels = labelsOf(member.series)
    const name = division === 'route' ? routeOf(labels) : labels[division]
    if (name === undefined) continue
    const id = `${member.service}\n${name}`
    const group = groups.get(id) ?? {
      id,
      service: member.service,
      name,
      requests: [],
      errors: undefined,
      durations: [],
    }
    groups.set(id, group)
    place(group, member, labels)
  }
  // What is only timed is counted by its histogram.
  return [...groups.values()].map(group =>
    group.requests.length > 0 ? group : { ...group, requests: group.durations },
  )
}

function place(group: RequestMembers, member: Member, labels: Record<string, string>) {
  const family = familyOf(member.series)
  if (isOneOf(family, 'duration') || DURATION_FAMILIES.has(family)) group.durations.push(member)
  else if (isOneOf(family, 'errors')) group.errors = [...(group.errors ?? []), member]
  else {
    group.requests.push(member)
    const status = STATUS_LABELS.map(label => labels[label]).find(text => text !== undefined)
    if (status !== undefined) group.errors = [...(group.errors ?? []), ...(status.startsWith('5') ? [member] : [])]
  }
}

function isOneOf(family: string, figure: 'errors' | 'duration'): boolean {
  return Object.values(SPLIT_SERIES).some(split => split[figure] === family)
}

function routeOf(labels: Record<string, string>): string | undefined {
  const of = (names: readonly string[]) => names.map(name => labels[name]).find(text => text !== undefined)
  const route = of(ROUTE_LABELS)
  const method = of(METHOD_LABELS)
  // The library's own routes already begin with their method.
  return route !== undefined && method !== undefined && !route.startsWith(`${method} `) ? `${method} ${route}` : route
}
