import { z } from 'zod'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { type AskedRun, askForRuns } from '../ask.ts'

const WAIT_MS = 5_000

export interface SagaRunData {
  /** Without `run`: none of its processes has it. */
  found?: Part<{ run?: AskedRun }>
}

/** One run of a saga with its steps. What it was started with stays in the service. */
export const sagaRunView = defineView({
  id: 'saga-run',
  title: 'Run of a saga',
  permission: 'saga:read',
  topics: ['sagas'],
  filters: z.object({ service: exact(300), saga: exact(300), id: exact(300) }),
  freshFor: 1_000,
  async read({ environment }, { service, saga, id }): Promise<SagaRunData> {
    if (service === '' || saga === '' || id === '') return {}
    const ask = async () => {
      const { runs, unread } = await askForRuns(environment, { service, saga }, 'saga.find', { id })
      if (unread > 0) throw new Error('its process answered what this console does not understand')
      const run = runs.find(one => one.run.saga === saga)
      return run ? { run } : {}
    }
    return { found: await part('Its processes', environment.outages, ask(), WAIT_MS) }
  },
})
