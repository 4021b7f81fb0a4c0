import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { Hours, lastHours } from '../../../series/hours.ts'
import { type Marks, readMarks } from '../../../series/marks.ts'
import { postgresService } from '../../../series/names.ts'
import { Series } from '../../../series/resource.ts'
import { DATABASE_SERIES } from '../samples.ts'

const POINTS = 120

export type DatabaseFigure = keyof typeof DATABASE_SERIES

/** Equally spaced values, oldest first; null where nothing was measured, absent what never was. */
export interface DatabaseHistory {
  from: number
  to: number
  step: number
  until: number
  values: Partial<Record<DatabaseFigure, (number | null)[]>>
}

export interface DatabaseHistoryData {
  history: Part<DatabaseHistory>
  /** Deploys, acts, and breakers. */
  marks: Part<Marks>
}

/** What one database did over the last hours. */
export const databaseHistoryView = defineView({
  id: 'database-history',
  title: 'Database over time',
  permission: 'database:read',
  topics: ['series', 'events'],
  filters: z.object({ name: exact(300), hours: Hours }),
  freshFor: 5_000,
  async read({ environment, store, outages }, { name, hours }): Promise<DatabaseHistoryData> {
    const span = lastHours(hours)
    const names = Object.entries(DATABASE_SERIES) as [DatabaseFigure, string][]
    const keys = names.map(([, series]) => ({ service: postgresService(name), series }))
    const [found, marks] = await Promise.all([
      environment.of(Series).range(keys, { ...span, points: POINTS }),
      readMarks(environment, { store, outages }, span, ''),
    ])
    return {
      history: mapPart(found, list => {
        const [{ step, until } = { step: (span.to - span.from) / POINTS, until: span.to }] = list
        const values = names.flatMap(([figure, series]) => {
          const measured = list.find(one => one.series === series)
          return measured ? [[figure, measured.values] as const] : []
        })
        return { ...span, step, until, values: Object.fromEntries(values) }
      }),
      marks,
    }
  },
})
