import { z } from 'zod'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { type AskedRun, askForRuns } from '../ask.ts'
import { SAGA_STATES } from '../saga-item.ts'

const PAGE = 50
const WAIT_MS = 5_000

export interface SagaRunsData {
  /** The newest first; `older` when there may be more. How many processes were asked, and how many answered. */
  runs?: Part<{ runs: AskedRun[]; older: boolean; asked: number; answered: number; unread: number }>
}

/** The runs of a saga, as its processes answer: they are in the service's own database. */
export const sagaRunsView = defineView({
  id: 'saga-runs',
  title: 'Runs of a saga',
  permission: 'saga:read',
  topics: ['sagas'],
  filters: z.object({
    service: exact(300),
    saga: exact(300),
    state: z.enum(['all', ...SAGA_STATES]).default('all'),
    before: exact(300),
  }),
  freshFor: 2_000,
  async read({ environment }, { service, saga, state, before }): Promise<SagaRunsData> {
    if (service === '' || saga === '') return {}
    const args = {
      saga,
      limit: PAGE,
      ...(state === 'all' ? {} : { state }),
      ...(before === '' ? {} : { before }),
    }
    const ask = async () => {
      const { runs, ...answers } = await askForRuns(environment, { service, saga }, 'saga.runs', args)
      runs.sort((a, b) => (a.run.id < b.run.id ? 1 : -1))
      return { runs: runs.slice(0, PAGE), older: runs.length >= PAGE, ...answers }
    }
    return { runs: await part('Its processes', environment.outages, ask(), WAIT_MS) }
  },
})
