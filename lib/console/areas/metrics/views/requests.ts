import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { MOST_PROCESSES } from '../../../series/names.ts'
import type { GroupedSeries, SeriesGroup } from '../../../series/port.ts'
import { Series } from '../../../series/resource.ts'
import { type Span, spanFilters, spanOf } from '../../../series/span.ts'
import { DIVISIONS, type Division, familiesOf, type RequestMembers, requestsBy } from '../requests-by.ts'

/** The most groups that are read, and rows that are returned: those with the most requests. */
const MOST_READ = 200
const MOST_ROWS = 60
/** The most rows with latency over time, for a chart. */
const DRAWN = 6
const POINTS = 120
const PERCENTILES = [0.5, 0.95, 0.99]

/** Requests of one route, version or process. Rates per second, seconds; null where it was not measured. */
export interface RequestRow {
  service: string
  name: string
  requests: number | null
  errors: number | null
  p50: number | null
  p95: number | null
  p99: number | null
  /** Requests per second over time. */
  values: (number | null)[]
  /** The 95th percentile over time, of the largest rows. */
  latency?: (number | null)[]
}

export interface RequestsData {
  span: Span
  by: Division
  requests: Part<{
    /** ms between two values, and the end of the last step (ms). */
    step: number
    until: number
    /** Those with the most requests first; `total` is how many there are. */
    rows: RequestRow[]
    total: number
    /** The most processes of a service that are kept separately. */
    mostProcesses: number
  }>
}

/** The requests of a service, or of all, by route, version or process: how many, how many failed, how long they took. */
export const requestsView = defineView({
  id: 'requests',
  title: 'Requests',
  permission: 'metric:read',
  topics: ['series'],
  filters: z.object({ by: z.enum(DIVISIONS).default('route'), service: text(300), ...spanFilters }),
  freshFor: 5_000,
  async read({ environment }, { by, service, ...asked }): Promise<RequestsData> {
    const span = spanOf(asked, Date.now())
    const series = environment.of(Series)
    const known = await series.members(familiesOf(by), { since: span.from, service: service || undefined })
    if (known.status === 'down') return { span, by, requests: known }
    const members = requestsBy(by, known.data)
    const read = members.slice(0, MOST_READ)
    const grouped = await series.grouped(read.flatMap(groupsOf), { ...span, points: POINTS })
    return {
      span,
      by,
      requests: mapPart(grouped, list => {
        const found = new Map(list.map(one => [one.id, one]))
        const rows = read
          .map(group => toRow(group, found))
          .filter(({ requests }) => requests !== null)
          .sort((a, b) => (b.requests ?? 0) - (a.requests ?? 0))
        return {
          step: list[0]?.step ?? 0,
          until: list[0]?.until ?? span.to,
          rows: rows.slice(0, MOST_ROWS).map((row, index) => (index < DRAWN ? row : { ...row, latency: undefined })),
          total: rows.length + Math.max(0, members.length - MOST_READ),
          mostProcesses: MOST_PROCESSES,
        }
      }),
    }
  },
})

function groupsOf({ id, requests, errors, durations }: RequestMembers): SeriesGroup[] {
  return [
    { id: `${id}\nrequests`, members: requests },
    { id: `${id}\nerrors`, members: errors ?? [] },
    { id: `${id}\nduration`, members: durations, percentiles: PERCENTILES },
  ]
}

function toRow({ id, service, name, errors }: RequestMembers, found: ReadonlyMap<string, GroupedSeries>): RequestRow {
  const requests = found.get(`${id}\nrequests`)
  const duration = found.get(`${id}\nduration`)
  const [p50 = null, p95 = null, p99 = null] = duration?.whole.percentiles ?? []
  return {
    service,
    name,
    requests: requests?.whole.value ?? null,
    errors: errors && requests ? errorsOf(found.get(`${id}\nerrors`), requests) : null,
    p50,
    p95,
    p99,
    values: requests?.values ?? [],
    latency: duration?.percentiles[PERCENTILES.indexOf(0.95)],
  }
}

/** Over the steps in which requests were counted: a status that occurred only once was zero in all the others. */
function errorsOf(errors: GroupedSeries | undefined, { values }: GroupedSeries): number | null {
  const measured = values.filter(value => value !== null).length
  const sum = (errors?.values ?? []).reduce<number>((total, value) => total + (value ?? 0), 0)
  return measured === 0 ? null : sum / measured
}
