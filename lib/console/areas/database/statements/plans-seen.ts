import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { labelsOf, postgresService } from '../../../series/names.ts'
import { Series } from '../../../series/resource.ts'
import { PLAN_SERIES } from './series.ts'

const SHOWN_FOR = 48 * 3_600_000
const STEP_MS = 900_000

export interface SeenPlan {
  shape: string
  /** In one line. */
  plan: string
  cost: number
  /** When it was seen first and last (ms), accurate to a quarter of an hour. */
  from: number
  until: number
}

/** The plans of a statement in the last two days, the newest first. More than one: it changed. */
export async function plansSeen(
  environment: ConsoleEnvironment,
  database: string,
  query: string,
): Promise<Part<SeenPlan[]>> {
  const service = postgresService(database)
  const now = Date.now()
  const reader = environment.of(Series)
  const known = await reader.members([PLAN_SERIES], { since: now - SHOWN_FOR, service })
  if (known.status === 'down') return known
  const keys = known.data
    .filter(({ series }) => labelsOf(series).query === query)
    .map(({ series }) => ({ service, series }))
  if (keys.length === 0) return { status: 'up', data: [], at: now }
  const span = { from: now - SHOWN_FOR, to: now, points: SHOWN_FOR / STEP_MS }
  return mapPart(await reader.range(keys, span), found =>
    found
      .flatMap(({ series, values, step, until }): SeenPlan[] => {
        const { shape = '', plan = '' } = labelsOf(series)
        const at = (index: number) => until - (values.length - index) * step
        const first = values.findIndex(value => value !== null)
        const last = values.findLastIndex(value => value !== null)
        if (first < 0) return []
        return [{ shape, plan, cost: values[last] ?? 0, from: at(first), until: at(last) + step }]
      })
      .sort((a, b) => b.until - a.until || b.from - a.from),
  )
}
