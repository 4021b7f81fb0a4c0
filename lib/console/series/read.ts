import { and, asc, eq, gte, inArray, notInArray, type SQL, sql } from 'drizzle-orm'
import { series as seriesTable } from '../../../drizzle/schema/index.ts'
import type { Outages } from '../platform/part/outages.ts'
import { part } from '../platform/part/read-part.ts'
import type { SeriesKey } from '../platform/samples.ts'
import type { Store } from '../platform/store/port.ts'
import { readDeploys } from './deploys.ts'
import { ALL_LABELS, familyOf, SERVICE_SERIES, SPLIT_FAMILIES } from './names.ts'
import type {
  GroupedSeries,
  KnownSeries,
  RecentSeries,
  SamplerState,
  SeriesGroup,
  SeriesKind,
  SeriesReader,
} from './port.ts'
import { summedSpread } from './rollup.ts'
import { KEPT_STEPS, MINUTE, SETTLED_AFTER, STEP } from './steps.ts'
import { type Figure, putTogether, together } from './together.ts'
import { SEEN_EVERY } from './write.ts'

/** Widths of a step that fall on whole minutes and hours. */
const STEPS = [10, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600].map(seconds => seconds * 1000)
const MOST_LISTED = 5_000

interface Options {
  store: Store
  environment: string
  outages: Outages
  sampling: () => { leading: boolean; refused: number }
}

/** Reads the sampler's figures from Postgres. Never rejects: what cannot be read is a part that is down. */
export function seriesReader({ store, environment, outages, sampling }: Options): SeriesReader {
  const { db } = store

  /** The ids of these series, with their kind. */
  async function find(keys: readonly SeriesKey[]) {
    const whole = keys.map(({ series }) => series)
    if (whole.length === 0) return []
    const json = (names: string[]) => sql`(select jsonb_array_elements_text(${JSON.stringify(names)}::text::jsonb))`
    const families = whole.filter(isFamily).map(familyOf)
    return db.execute<{ id: number; service: string; name: string; kind: SeriesKind }>(sql`
      select id, service, name, kind from substation.series
      where environment = ${environment}
        and (name in ${json(whole)} or split_part(name, '{', 1) in ${json(families)})`)
  }

  /** The measured steps of each series. From minutes where a step is at least that long, from ten seconds where no minutes are written yet. */
  async function figures(ids: readonly number[], from: number, to: number, step: number): Promise<Figure[]> {
    const list = `{${ids.join(',')}}`
    const bounds = (since: number) => sql`
      sample.series = any(${list}::int[])
      and sample.bucket >= to_timestamp(${since}::float8 / 1000) and sample.bucket < to_timestamp(${to}::float8 / 1000)`
    const coarse = step >= MINUTE || from < Date.now() - KEPT_STEPS
    // Minutes are written up to the last one that is over; after it the ten seconds are read.
    const seam = coarse ? Math.max(from, (await newestMinute(ids, to)) + MINUTE) : from
    const source = coarse
      ? sql`(select series, bucket, value, spread from substation.sample_minute sample
             where ${bounds(from)} and sample.bucket < to_timestamp(${seam}::float8 / 1000)
             union all
             select series, bucket, value, spread from substation.sample where ${bounds(seam)}) sample`
      : sql`(select series, bucket, value, spread from substation.sample where ${bounds(from)}) sample`
    return db.execute<Figure & Record<string, unknown>>(sql`
      select sample.series,
        (floor(extract(epoch from sample.bucket)::float8 * 1000 / ${step}::float8) * ${step}::float8) as at,
        case when series.kind = 'worst' then max(sample.value) else avg(sample.value) end as value,
        ${summedSpread} as spread
      from ${source} join substation.series on series.id = sample.series
      group by 1, 2, series.kind`)
  }

  async function newestMinute(ids: readonly number[], to: number): Promise<number> {
    const [row] = await db.execute<{ at: number | null }>(sql`
      select extract(epoch from max(bucket))::float8 * 1000 as at from substation.sample_minute
      where series = any(${`{${ids.join(',')}}`}::int[])
        and bucket >= to_timestamp(${to - 30 * MINUTE}::float8 / 1000) and bucket < to_timestamp(${to}::float8 / 1000)`)
    // Even without a recent minute, what is older than the ten seconds are kept for is in minutes.
    return row?.at ?? Math.min(to, Date.now() - KEPT_STEPS)
  }

  async function read(keys: readonly SeriesKey[], from: number, to: number, step: number): Promise<RecentSeries[]> {
    const known = await find(keys)
    const wanted = keys.map(key => ({
      key,
      members: known.filter(one => isOf(one, key)),
    }))
    const ids = [...new Set(wanted.flatMap(({ members }) => members.map(({ id }) => id)))]
    if (ids.length === 0) return []
    const bySeries = Map.groupBy(await figures(ids, from, to, step), figure => figure.series)
    const count = Math.round((to - from) / step)
    return wanted.flatMap(({ key, members }) => {
      if (members.length === 0) return []
      const found = members.flatMap(({ id }) => bySeries.get(id) ?? [])
      const steps = Map.groupBy(found, ({ at }) => Math.round((at - from) / step))
      const values = Array.from({ length: count }, (_, index) =>
        together(steps.get(index) ?? [], members[0]?.kind ?? 'gauge', key.percentile),
      )
      return [{ ...key, step, until: to, values }]
    })
  }

  async function readGroups(groups: readonly SeriesGroup[], from: number, to: number, step: number) {
    const known = await find(groups.flatMap(({ members }) => members))
    const ids = new Map(known.map(({ id, service, name }) => [`${service}\n${name}`, id]))
    const kinds = new Map(known.map(({ id, kind }) => [id, kind]))
    const placed = groups.map(group => ({
      group,
      ids: group.members.flatMap(({ service, series }) => ids.get(`${service}\n${series}`) ?? []),
    }))
    const wanted = [...new Set(placed.flatMap(one => one.ids))]
    if (wanted.length === 0) return []
    const bySeries = Map.groupBy(await figures(wanted, from, to, step), ({ series }) => series)
    return placed.flatMap(({ group, ids }): GroupedSeries[] => {
      if (ids.length === 0) return []
      const found = ids.flatMap(id => bySeries.get(id) ?? [])
      const kind = kinds.get(ids[0] as number) ?? 'gauge'
      return [{ id: group.id, step, until: to, ...putTogether(found, { from, to, step, kind, ...group }) }]
    })
  }

  return {
    recent: (keys, { points = 30, step = 30_000 } = {}) => {
      const to = settled(Date.now(), step)
      return part('Postgres', outages, read(keys, to - points * step, to, step))
    },
    range(keys, span) {
      const { step, begin, end } = stepsWithin(span)
      return part('Postgres', outages, begin < end ? read(keys, begin, end, step) : Promise.resolve([]))
    },
    grouped(groups, span) {
      const { step, begin, end } = stepsWithin(span)
      return part('Postgres', outages, begin < end ? readGroups(groups, begin, end, step) : Promise.resolve([]))
    },
    list: service => part('Postgres', outages, names(notInArray(family, [...SPLIT_FAMILIES]), ofService(service))),
    members: (families, { since, service }) =>
      part(
        'Postgres',
        outages,
        // Stored to ten minutes: what was measured just after `since` may have an earlier time.
        names(
          inArray(family, [...families]),
          gte(seriesTable.lastAt, new Date(since - SEEN_EVERY)),
          ofService(service),
        ),
      ),
    services: () =>
      part(
        'Postgres',
        outages,
        db
          .selectDistinct({ service: seriesTable.service })
          .from(seriesTable)
          .where(and(eq(seriesTable.environment, environment), eq(seriesTable.name, SERVICE_SERIES.processes)))
          .orderBy(asc(seriesTable.service))
          .then(rows => rows.map(({ service }) => service)),
      ),
    deploys: span => part('Postgres', outages, readDeploys(db, environment, span)),
    state: () => part('Postgres', outages, readState()),
  }

  async function names(...conditions: (SQL | undefined)[]): Promise<KnownSeries[]> {
    const rows = await db
      .select()
      .from(seriesTable)
      .where(and(eq(seriesTable.environment, environment), ...conditions))
      .orderBy(asc(seriesTable.name), asc(seriesTable.service))
      .limit(MOST_LISTED)
    return rows.map(({ service, name, kind, lastAt }) => ({
      service,
      series: name,
      kind: kind as SeriesKind,
      lastAt: lastAt.getTime(),
    }))
  }

  async function readState(): Promise<SamplerState> {
    const [row] = await db.execute<{ newest: number | null; count: number }>(sql`
      select count(*)::int as count,
        (select extract(epoch from max(sample.bucket))::float8 * 1000 from substation.sample
         where bucket > now() - interval '1 hour' and series in (
           select id from substation.series where environment = ${environment} and name = 'processes')) as newest
      from substation.series where environment = ${environment}`)
    const newest = row?.newest == null ? undefined : row.newest + STEP
    const { leading, refused } = sampling()
    return { leading, refused, series: row?.count ?? 0, newest }
  }
}

const isFamily = (series: string) => series.endsWith(ALL_LABELS)

function isOf(one: { service: string; name: string }, { service, series }: SeriesKey): boolean {
  const named = isFamily(series) ? familyOf(one.name) === familyOf(series) : one.name === series
  return named && (service === '*' || one.service === service)
}

const family = sql<string>`split_part(${seriesTable.name}, '{', 1)`
const ofService = (service: string | undefined) => (service ? eq(seriesTable.service, service) : undefined)

/** The whole steps of a span, as far as they are settled. */
function stepsWithin({ from, to, points = 240 }: { from: number; to: number; points?: number }) {
  const step = stepFor(from, to, points)
  const end = Math.min(Math.ceil(to / step) * step, settled(Date.now(), step))
  return { step, begin: Math.floor(from / step) * step, end }
}

/** The end of the last step that no reading can change. */
function settled(now: number, step: number): number {
  return Math.floor((now - SETTLED_AFTER) / step) * step
}

/** The narrowest width that gives about so many points; what is older than ten seconds are kept for has minutes at best. */
function stepFor(from: number, to: number, points: number): number {
  const least = from < Date.now() - KEPT_STEPS + MINUTE ? MINUTE : STEP
  const wanted = Math.max(least, (to - from) / points)
  return STEPS.find(step => step >= wanted) ?? (STEPS.at(-1) as number)
}
