import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { Hours, lastHours } from '../../../series/hours.ts'
import { type Marks, readMarks } from '../../../series/marks.ts'
import { Series } from '../../../series/resource.ts'
import { answeredSeries, CACHES, evictionsSeries, hitRatioSeries, memorySeries } from '../hit-ratios.ts'

const POINTS = 120

type Values = (number | null)[]

/** Equally spaced values, oldest first; null where nothing was measured, absent what never was. */
export interface CacheHistory {
  from: number
  to: number
  step: number
  until: number
  /** Share of lookups answered, 0 to 1. */
  ratio?: Values
  l1Ratio?: Values
  l2Ratio?: Values
  /** In the memory of all processes. */
  bytes?: Values
  /** Per second. */
  evictions?: Values
  answered?: Values
}

export interface CacheHistoryData {
  history: Part<CacheHistory>
  /** Deploys and operators' acts. */
  marks: Part<Marks>
}

/** What one cache answered and held over the last hours, over all processes. */
export const cacheHistoryView = defineView({
  id: 'cache-history',
  title: 'Cache over time',
  permission: 'cache:read',
  topics: ['series', 'events'],
  filters: z.object({
    name: text(300),
    hours: Hours,
  }),
  freshFor: 5_000,
  async read({ environment, store, outages }, { name, hours }): Promise<CacheHistoryData> {
    const span = lastHours(hours)
    const series = {
      ratio: hitRatioSeries(name, 'any'),
      l1Ratio: hitRatioSeries(name, 'l1'),
      l2Ratio: hitRatioSeries(name, 'l2'),
      bytes: memorySeries(name),
      evictions: evictionsSeries(name),
      answered: answeredSeries(name),
    }
    const [found, marks] = await Promise.all([
      environment.of(Series).range(
        Object.values(series).map(series => ({ service: CACHES, series })),
        { ...span, points: POINTS },
      ),
      readMarks(environment, { store, outages }, span, '', ['deploy', 'act']),
    ])
    return {
      history: mapPart(found, list => {
        const values: Partial<Record<keyof typeof series, Values>> = {}
        for (const [figure, name] of Object.entries(series) as [keyof typeof series, string][]) {
          const measured = list.find(one => one.series === name)
          if (measured) values[figure] = measured.values
        }
        const [{ step, until } = { step: (span.to - span.from) / POINTS, until: span.to }] = list
        return { ...span, step, until, ...values }
      }),
      marks,
    }
  },
})
