import { z } from 'zod'
import { byText } from '../../../../core/text-order.ts'
import type { Part } from '../../../platform/part/part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, search } from '../../../platform/view/text-filters.ts'
import { readSagas } from '../read.ts'
import type { SagaRow } from '../rows.ts'

const LIMIT = 500

export interface SagasData {
  fleet: Part<{ omitted: number }>
  rows: Omit<SagaRow, 'failed' | 'processes'>[]
  total: number
  counts: Record<'all' | 'trouble' | 'active', number>
  services: string[]
}

const TROUBLE = new Set<SagaRow['state']>(['failed', 'unattended', 'unknown'])

const inState = {
  all: () => true,
  trouble: ({ state }: SagaRow) => TROUBLE.has(state),
  active: ({ counts }: SagaRow) => (counts?.running ?? 0) + (counts?.compensating ?? 0) > 0,
}

/** Every saga of the fleet with how many of it run, are taken back, and wait for a person. */
export const sagasView = defineView({
  id: 'sagas',
  title: 'Sagas',
  permission: 'saga:read',
  topics: ['sagas', 'fleet'],
  filters: z.object({
    q: search,
    state: z.enum(['all', 'trouble', 'active']).default('all'),
    service: exact(300),
    sort: z.enum(['name', 'failed']).default('failed'),
    dir: z.enum(['asc', 'desc']).default('desc'),
  }),
  freshFor: 1_000,
  async read({ environment }, { q, state, service, sort, dir }): Promise<SagasData> {
    const part = await readSagas(environment)
    const { rows: all, omitted } = part.status === 'down' ? { rows: [], omitted: 0 } : part.data
    const text = q.toLowerCase()
    const meant = all.filter(
      row =>
        (!text || `${row.name} ${row.service}`.toLowerCase().includes(text)) && (!service || row.service === service),
    )
    const turn = dir === 'asc' ? 1 : -1
    const rows = meant
      .filter(inState[state])
      .sort((a, b) =>
        sort === 'name'
          ? turn * byText(a.name, b.name)
          : turn * ((a.counts?.failed ?? 0) - (b.counts?.failed ?? 0)) || byText(a.name, b.name),
      )
    const count = (state: keyof typeof inState) => meant.filter(inState[state]).length
    return {
      fleet: part.status === 'down' ? part : { ...part, data: { omitted } },
      rows: rows.slice(0, LIMIT).map(({ failed: _, processes: __, ...row }) => row),
      total: rows.length,
      counts: { all: count('all'), trouble: count('trouble'), active: count('active') },
      services: [...new Set(all.map(row => row.service))].sort(byText),
    }
  },
})
