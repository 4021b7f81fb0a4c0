import { z } from 'zod'
import { Events, Fleet } from '../../../fleet/resources.ts'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { Hours, lastHours } from '../../../series/hours.ts'
import { readMarks } from '../../../series/marks.ts'
import { breakersOf } from '../collect.ts'
import { type History, historyOf } from '../history.ts'

const MOST_EVENTS = 2_000

export interface BreakerHistoryData {
  history: Part<History>
}

/** The states of one dependency's breaker in each process, on an axis of time, with deploys and acts. */
export const breakerHistoryView = defineView({
  id: 'breaker-history',
  title: 'Breaker history',
  permission: 'breaker:read',
  topics: ['breakers', 'events'],
  filters: z.object({
    name: text(300),
    hours: Hours,
  }),
  freshFor: 2_000,
  async read({ environment, store, outages }, { name, hours }): Promise<BreakerHistoryData> {
    const span = lastHours(hours)
    const [fleet, events, marks] = await Promise.all([
      environment.of(Fleet).read(['breakers']),
      part('Postgres', outages, environment.of(Events).between('breaker.transition', span, MOST_EVENTS)),
      readMarks(environment, { store, outages }, span, '', ['deploy', 'act']),
    ])
    const instances =
      fleet.status === 'down' ? [] : breakersOf(fleet.data).filter(instance => instance.breaker === name)
    const known = marks.status === 'down' ? [] : marks.data.list
    return { history: mapPart(events, list => historyOf(name, instances, list, known, span)) }
  },
})
