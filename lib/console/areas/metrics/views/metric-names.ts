import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { search, text } from '../../../platform/view/text-filters.ts'
import { familyOf } from '../../../series/names.ts'
import type { KnownSeries, SeriesKind } from '../../../series/port.ts'
import { Series } from '../../../series/resource.ts'

const LIMIT = 300

/** A metric by its name, over all its labels. */
export interface MetricFamilyRow {
  name: string
  kind: SeriesKind
  services: string[]
  /** How many label sets. */
  series: number
  lastAt: number
}

export interface MetricNamesData {
  metrics: Part<{
    rows: MetricFamilyRow[] /** How many match; more than are listed when the list is cut. */
    total: number
  }>
}

/** Every metric that is kept, by name: what processes registered, and what the console measures itself. */
export const metricNamesView = defineView({
  id: 'metric-names',
  title: 'Metric names',
  permission: 'metric:read',
  topics: [],
  filters: z.object({ q: search, service: text(300) }),
  freshFor: 30_000,
  async read({ environment }, { q, service }): Promise<MetricNamesData> {
    const known = await environment.of(Series).list(service || undefined)
    const wanted = q.toLowerCase()
    return {
      metrics: mapPart(known, list => {
        const families = Map.groupBy(list, ({ series }) => familyOf(series))
        const matching = [...families].filter(([name]) => name.toLowerCase().includes(wanted))
        return { rows: matching.slice(0, LIMIT).map(([name, members]) => toRow(name, members)), total: matching.length }
      }),
    }
  },
})

function toRow(name: string, members: readonly KnownSeries[]): MetricFamilyRow {
  return {
    name,
    kind: members[0]?.kind ?? 'gauge',
    services: [...new Set(members.map(({ service }) => service))].sort(),
    series: new Set(members.map(({ series }) => series)).size,
    lastAt: Math.max(...members.map(({ lastAt }) => lastAt)),
  }
}
