import { sql } from 'drizzle-orm'
import type { Tx } from '../platform/store/port.ts'
import { BUCKETS } from './percentile.ts'
import { KEPT_MINUTES, MINUTE, SETTLED_AFTER } from './steps.ts'

/** How long a minute is computed again because late readings may still change it (ms). */
const AGAIN = 3 * MINUTE

/** Buckets of histograms added up by position: as columns, because unnesting nineteen numbers per row takes ten times as long. */
export const summedSpread = sql.raw(
  `case when bool_or(sample.spread is not null) then array[${Array.from(
    { length: BUCKETS },
    (_, index) => `coalesce(sum(sample.spread[${index + 1}]), 0)::real`,
  ).join(', ')}] end`,
)

/**
 * Combines ten seconds into minutes, up to the last one that is over; returns its end (ms). For a minute that was
 * measured in part, the average is over what was measured.
 */
export async function rollUp(tx: Tx, environment: string, now: number, from?: number): Promise<number> {
  const until = Math.floor((now - SETTLED_AFTER) / MINUTE) * MINUTE
  const since = from === undefined ? await rolledUntil(tx, environment) : from - AGAIN
  if (since >= until) return until
  await tx.execute(sql`
    insert into substation.sample_minute (series, bucket, value, spread)
    select sample.series, date_trunc('minute', sample.bucket),
      case when series.kind = 'worst' then max(sample.value) else avg(sample.value) end,
      ${summedSpread}
    from substation.sample
    join substation.series on series.id = sample.series
    where series.environment = ${environment}
      and sample.bucket >= ${new Date(since).toISOString()}::timestamptz
      and sample.bucket < ${new Date(until).toISOString()}::timestamptz
    group by 1, 2, series.kind
    on conflict (series, bucket) do update set value = excluded.value, spread = excluded.spread`)
  return until
}

/** Where the leader before left off. */
async function rolledUntil(tx: Tx, environment: string): Promise<number> {
  const [row] = await tx.execute<{ until: number | null }>(sql`
    select extract(epoch from max(newest.bucket))::float8 * 1000 as until
    from substation.series
    cross join lateral (
      select bucket from substation.sample_minute where sample_minute.series = series.id order by bucket desc limit 1
    ) newest
    where series.environment = ${environment}`)
  return row?.until == null ? 0 : row.until - AGAIN
}

/** Deletes names that were not measured for as long as figures are kept. */
export async function forgetNames(tx: Tx, environment: string, now: number): Promise<void> {
  await tx.execute(sql`
    delete from substation.series
    where environment = ${environment} and last_at < ${new Date(now - KEPT_MINUTES - 2 * 86_400_000).toISOString()}::timestamptz`)
}
