'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { EmptyState } from '@/components/ui/empty-state'
import type { SagasData } from '@/lib/console/areas/sagas/views/sagas'
import type { Reading } from '@/lib/console/platform/view/read'
import { formatExact } from '@/lib/core/number-format'
import { sagaRows } from './saga-rows'

const SagaSheet = dynamic(() => import('./saga-sheet').then(module => module.SagaSheet))

const sagasList: List = {
  view: 'sagas',
  search: 'Filter sagas',
  states: [
    { value: 'trouble', label: 'In trouble', status: 'bad' },
    { value: 'active', label: 'Under way' },
  ],
  selects: [{ name: 'service', label: 'Service', any: 'All services' }],
  sheet: ['saga', 'run', 'runs', 'before'],
}

interface SagasBodyProps {
  initial: Reading<SagasData>
  joining: Joining
}

/** Work in several steps: what is on its way, what was taken back, and what waits for a person. */
export function SagasBody({ initial, joining }: SagasBodyProps) {
  const { environment } = joining
  const list = useList(sagasList, environment, initial)
  const { fleet, rows, total, counts, services } = list.data
  const id = list.url.get('saga')
  return (
    <ListPage
      list={list}
      title="Sagas"
      note="work in several steps, completed or taken back"
      sheet={id ? <SagaSheet key={id} id={id} environment={environment} url={list.url} /> : null}
    >
      <FilterBar counts={counts} options={{ service: services }} />
      <ListPanel>
        <ListPart part={fleet}>
          {({ omitted }) => (
            <>
              {omitted > 0 ? (
                <p className="border-b border-line px-3.5 py-1.5 text-sm text-muted">
                  {formatExact(omitted)} of the reports did not fit or were not understood: there may be more sagas.
                </p>
              ) : null}
              <ListTable
                of={sagaRows}
                rows={rows}
                total={total}
                empty={counts.all === 0 && list.chosen.length === 0 ? <NoSagas joining={joining} /> : undefined}
              />
            </>
          )}
        </ListPart>
      </ListPanel>
    </ListPage>
  )
}

function NoSagas({ joining }: { joining: Joining }) {
  return (
    <EmptyState
      title="No process has a saga"
      code={joiningLines(joining, {
        imports: "import { createSagas, saga } from 'substation/saga'",
        lines: [
          'const sagas = await createSagas({}, { sql: database.sql })',
          "const order = saga<{ cart: string }>('order')",
          "  .step('reserve', { run: ({ input }) => reserve(input.cart), compensate: ({ input }) => free(input.cart) })",
          "  .step('charge', { run: ({ idempotencyKey }) => charge(idempotencyKey) })",
          'const orders = sagas.define(order)',
          'sagas.work()',
        ],
        name: 'sagas',
      })}
    >
      A saga of a service shows up here within two seconds, with its steps and all its runs.
    </EmptyState>
  )
}
