import { z } from 'zod'
import { mapPart } from '../../../platform/part/map-part.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { readSagas } from '../read.ts'
import type { SagaRow } from '../rows.ts'

export interface SagaData {
  /** Without `saga`: no process has it. */
  found: Part<{ saga?: SagaRow }>
}

/** One saga of a service: its steps, its counts, its processes. */
export const sagaView = defineView({
  id: 'saga',
  title: 'Saga',
  permission: 'saga:read',
  topics: ['sagas', 'fleet'],
  filters: z.object({ id: exact(700) }),
  freshFor: 1_000,
  async read({ environment }, { id }): Promise<SagaData> {
    const found = mapPart(await readSagas(environment), ({ rows }) => {
      const saga = rows.find(row => row.id === id)
      return saga ? { saga } : {}
    })
    return { found }
  },
})
