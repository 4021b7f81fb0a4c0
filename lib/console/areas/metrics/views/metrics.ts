import { z } from 'zod'
import { Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import type { SeriesKey } from '../../../platform/samples.ts'
import { defineView, type ViewContext } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { type Marks, readMarks } from '../../../series/marks.ts'
import { SERVICE_SERIES } from '../../../series/names.ts'
import type { SamplerState } from '../../../series/port.ts'
import { Series } from '../../../series/resource.ts'
import { type Span, spanFilters, spanOf } from '../../../series/span.ts'

/** Shown for every service: rates per second, seconds, bytes, cores. */
const FIGURES = {
  requests: { series: SERVICE_SERIES.requests },
  errors: { series: SERVICE_SERIES.errors },
  p50: { series: SERVICE_SERIES.duration, percentile: 0.5 },
  p95: { series: SERVICE_SERIES.duration, percentile: 0.95 },
  p99: { series: SERVICE_SERIES.duration, percentile: 0.99 },
  lag: { series: SERVICE_SERIES.lag },
  rss: { series: SERVICE_SERIES.rss },
  heap: { series: SERVICE_SERIES.heap },
  cpu: { series: SERVICE_SERIES.cpu },
  processes: { series: SERVICE_SERIES.processes },
} as const
export type Figure = keyof typeof FIGURES

/** Values of several series over the same steps; null where nothing was measured. */
export interface Plot {
  /** ms between two values, and the end of the last step (ms). */
  step: number
  until: number
  /** By name, without series that were never measured. */
  values: Partial<Record<string, (number | null)[]>>
}

export interface MetricsData {
  span: Span
  figures: Part<Plot>
  marks: Part<Marks>
  /** The services that have figures. */
  services: Part<string[]>
  sampling: Sampling
}

/** Whether figures are being sampled now; if not, every chart has a gap. */
export interface Sampling {
  state: Part<SamplerState>
  /** Why the fleet cannot be read, and since when (ms). */
  fleet?: { reason: string; since: number }
}

/** The figures of one service or of all together, with the events in that time. */
export const metricsView = defineView({
  id: 'metrics',
  title: 'Metrics',
  permission: 'metric:read',
  topics: ['series'],
  filters: z.object({ service: text(300), ...spanFilters }),
  freshFor: 5_000,
  async read(context, filters): Promise<MetricsData> {
    const { environment } = context
    const span = spanOf(filters, Date.now())
    const names = Object.keys(FIGURES) as Figure[]
    const keys = names.map((name): SeriesKey => ({ service: filters.service || '*', ...FIGURES[name] }))
    const [series, marks, services, sampling] = await Promise.all([
      environment.of(Series).range(keys, span),
      readMarks(environment, context, span, filters.service),
      environment.of(Series).services(),
      readSampling(context),
    ])
    return {
      span,
      marks,
      services,
      sampling,
      figures: mapPart(series, list => {
        const values: Plot['values'] = {}
        for (const name of names) {
          const { series: wanted, percentile } = { percentile: undefined, ...FIGURES[name] }
          const found = list.find(one => one.series === wanted && one.percentile === percentile)
          if (found) values[name] = found.values
        }
        return { step: list[0]?.step ?? 0, until: list[0]?.until ?? span.to, values }
      }),
    }
  },
})

export async function readSampling({ environment }: Pick<ViewContext, 'environment'>): Promise<Sampling> {
  const [state, fleet] = await Promise.all([environment.of(Series).state(), environment.of(Fleet).read()])
  return { state, fleet: fleet.status === 'up' ? undefined : { reason: fleet.reason, since: fleet.since } }
}
