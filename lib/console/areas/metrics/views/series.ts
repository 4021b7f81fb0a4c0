import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { ALL_LABELS, familyOf } from '../../../series/names.ts'
import type { RecentSeries, SeriesKind } from '../../../series/port.ts'
import { Series } from '../../../series/resource.ts'
import { type Span, spanFilters, spanOf } from '../../../series/span.ts'
import type { Plot } from './metrics.ts'

/** The most label sets that are listed; the sum of a metric is over all of them. */
const LIMIT = 60
const MOST_READ = 200
const PERCENTILES: Record<string, number> = { p50: 0.5, p95: 0.95, p99: 0.99 }

/** One label set of the metric in one service, or in all of them. */
export interface LabelSet {
  series: string
  /** Newest and largest in the span; null when it was not measured there. */
  newest: number | null
  most: number | null
  values: (number | null)[]
}

export interface SeriesData {
  span: Span
  series: Part<{
    name: string
    /** Absent: nothing of this name has been measured. */
    kind?: SeriesKind
    services: string[]
    /** `value`: all label sets together (summed, or the worst); of a histogram `p50`, `p95` and `p99` beside it. */
    plot: Plot
    /** Those with the most first; `total` is how many there are. */
    sets: LabelSet[]
    total: number
  }>
}

/** One registered metric: all of it, and each label set. */
export const seriesView = defineView({
  id: 'series',
  title: 'Metric',
  permission: 'metric:read',
  topics: ['series'],
  filters: z.object({ name: text(500), service: text(300), ...spanFilters }),
  freshFor: 5_000,
  async read({ environment }, { name, service, ...asked }): Promise<SeriesData> {
    const span = spanOf(asked, Date.now())
    const known = await environment.of(Series).list(service || undefined)
    if (known.status === 'down') return { span, series: known }
    const members = known.data.filter(({ series }) => series === name || familyOf(series) === name)
    const kind = members[0]?.kind
    const names = [...new Set(members.map(({ series }) => series))]
    const of = service || '*'
    const whole = name.includes('{') ? name : `${name}${ALL_LABELS}`
    const percentiles: Record<string, number> = kind === 'spread' ? PERCENTILES : {}
    const found = await environment
      .of(Series)
      .range(
        [
          { service: of, series: whole },
          ...Object.values(percentiles).map(percentile => ({ service: of, series: whole, percentile })),
          ...names.slice(0, MOST_READ).map(series => ({ service: of, series })),
        ],
        span,
      )
    return {
      span,
      series: mapPart(found, list => {
        const together = list.filter(({ series }) => series === whole)
        const values: Plot['values'] = { value: together.find(({ percentile }) => percentile === undefined)?.values }
        for (const [label, percentile] of Object.entries(percentiles))
          values[label] = together.find(one => one.percentile === percentile)?.values
        const sets = list
          .filter(({ series }) => series !== whole)
          .map(toSet)
          .sort((a, b) => (b.most ?? -1) - (a.most ?? -1))
        return {
          name,
          kind,
          services: [...new Set(members.map(member => member.service))].sort(),
          plot: { step: list[0]?.step ?? 0, until: list[0]?.until ?? span.to, values },
          sets: sets.slice(0, LIMIT),
          total: names.length,
        }
      }),
    }
  },
})

function toSet({ series, values }: RecentSeries): LabelSet {
  const measured = values.filter(value => value !== null)
  return {
    series,
    newest: values.findLast(value => value !== null) ?? null,
    most: measured.length > 0 ? Math.max(...measured) : null,
    values,
  }
}
