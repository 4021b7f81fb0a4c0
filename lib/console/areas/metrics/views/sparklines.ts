import { z } from 'zod'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import type { RecentSeries } from '../../../series/port.ts'
import { Series } from '../../../series/resource.ts'

const MOST = 200

/** `[service, series]`, or with a percentile `[service, series, 0.95]`. */
const Key = z.union([
  z.tuple([z.string().max(300), z.string().max(500)]),
  z.tuple([z.string().max(300), z.string().max(500), z.number().gt(0).lt(1)]),
])
const PROBLEM = `must be a list of at most ${MOST} [service, series] in JSON`

/** A list of series in a URL. */
export const seriesKeys = z
  .string()
  .max(20_000)
  .default('[]')
  .transform((text, context) => {
    try {
      const parsed = z.array(Key).max(MOST).safeParse(JSON.parse(text))
      if (parsed.success) return parsed.data.map(([service, series, percentile]) => ({ service, series, percentile }))
    } catch {
      // Reported below, like any other text that is no list.
    }
    context.addIssue({ code: 'custom', message: PROBLEM })
    return z.NEVER
  })

export interface SparklinesData {
  /** The known ones, without series that were never measured. */
  series: Part<RecentSeries[]>
}

/** The last quarter of an hour of some series, in half minutes, for the charts in rows. */
export const sparklinesView = defineView({
  id: 'sparklines',
  title: 'Sparklines',
  permission: 'metric:read',
  topics: ['series'],
  filters: z.object({ keys: seriesKeys }),
  freshFor: 10_000,
  read: async ({ environment }, { keys }): Promise<SparklinesData> => ({
    series: await environment.of(Series).recent(keys),
  }),
})
