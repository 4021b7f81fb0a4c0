import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import type { RecentSeries } from '../../series/port.ts'
import { Series } from '../../series/resource.ts'
import type { CacheGroup, Fallen } from './group.ts'
import { CACHES, hitRatioSeries } from './hit-ratios.ts'

/** Two hours, in minutes. */
const STEP = 60_000
const POINTS = 120
/** How many of the latest values are "now", and how many of the others are needed to know what is usual. */
const LATEST = 3
const USUAL_FROM = 10
/** A cache whose usual hit ratio is below this is no loss when it falls. */
const WORTHWHILE = 0.3

/** The groups with the fall of their hit ratio: one at half or less of its usual ratio is degraded. */
export async function withFallen(environment: ConsoleEnvironment, groups: CacheGroup[]): Promise<CacheGroup[]> {
  if (groups.length === 0) return groups
  const keys = groups.map(({ name }) => ({ service: CACHES, series: hitRatioSeries(name, 'any') }))
  const recent = await environment.of(Series).recent(keys, { points: POINTS, step: STEP })
  // Where the figures cannot be read, a cache is judged by its state alone.
  if (recent.status !== 'up') return groups
  const found = new Map(recent.data.map(series => [series.series, fallenOf(series)]))
  return groups.map(group => {
    const fallen = found.get(hitRatioSeries(group.name, 'any'))
    if (!fallen) return group
    return { ...group, fallen, state: group.state === 'working' ? 'degraded' : group.state }
  })
}

/** By the upper quartile of the values before: a ratio that has been low for long is still not usual. */
export function fallenOf({ values, until, step }: RecentSeries): Fallen | undefined {
  const known = values.flatMap((value, at) => (value === null ? [] : [{ value, at }]))
  const latest = known.slice(-LATEST)
  const before = known
    .slice(0, -LATEST)
    .map(({ value }) => value)
    .sort((a, b) => a - b)
  // Without lookups for a while there is no ratio now.
  if (latest.length < LATEST || before.length < USUAL_FROM || values.at(-1) == null) return undefined
  const from = before[Math.floor(before.length * 0.75)] ?? 0
  const to = latest.reduce((sum, { value }) => sum + value, 0) / latest.length
  if (from < WORTHWHILE || to > from / 2) return undefined
  const lastGood = known.findLast(({ value }) => value > from / 2)
  return { from, to, since: until - (values.length - 1 - (lastGood?.at ?? -1)) * step }
}
