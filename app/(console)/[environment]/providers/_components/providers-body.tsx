'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { ChooseTarget } from '@/app/(console)/_parts/targets/choose-target'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { EmptyState } from '@/components/ui/empty-state'
import type { ProvidersData } from '@/lib/console/areas/providers/views/providers'
import type { Reading } from '@/lib/console/platform/view/read'
import { providerActOf, WHAT } from './act-in-url'
import { setRows } from './provider-set-rows'

const ProviderSetSheet = dynamic(() => import('./provider-set-sheet').then(module => module.ProviderSetSheet))

const providersList: List = {
  view: 'providers',
  search: 'Filter providers',
  states: [
    { value: 'trouble', label: 'In trouble', status: 'bad' },
    { value: 'forced', label: 'Forced', status: 'warning', offered: 'counted' },
  ],
  selects: [{ name: 'service', label: 'Service', any: 'All services' }],
  sheet: ['set'],
}

interface ProvidersBodyProps {
  initial: Reading<ProvidersData>
  joining: Joining
}

/** The providers behind each port: which serves, since when and why, and how each of them does. */
export function ProvidersBody({ initial, joining }: ProvidersBodyProps) {
  const { environment } = joining
  const list = useList(providersList, environment, initial)
  const { fleet, rows, counts, services } = list.data
  const { get, set } = list.url
  const name = get('set')
  const { act, dropped } = providerActOf(get('act'))
  const onActDone = () => set({ act: undefined })
  return (
    <ListPage
      list={list}
      title="Providers"
      note="who serves behind each port, and why"
      dropped={dropped}
      sheet={
        name ? (
          <ProviderSetSheet key={name} name={name} environment={environment} act={act} onActDone={onActDone} />
        ) : null
      }
    >
      {act && !name ? <ChooseTarget what={WHAT[act]} onCancel={onActDone} /> : null}
      <FilterBar counts={counts} options={{ service: services }} />
      <ListPanel>
        <ListPart part={fleet}>
          {({ total }) => (
            <ListTable
              of={setRows}
              rows={rows}
              total={total}
              empty={counts.all === 0 && list.chosen.length === 0 ? <NoProviders joining={joining} /> : undefined}
            />
          )}
        </ListPart>
      </ListPanel>
    </ListPage>
  )
}

function NoProviders({ joining }: { joining: Joining }) {
  return (
    <EmptyState
      title="No process has providers"
      code={joiningLines(joining, {
        imports: "import { createFailover } from 'substation/resilience'",
        lines: [
          'const email = createFailover({',
          "  name: 'email',",
          '  providers: [',
          "    { name: 'sendgrid', port: sendgrid, policy: policies.get('sendgrid') },",
          "    { name: 'mailgun', port: mailgun, policy: policies.get('mailgun') },",
          '  ],',
          '})',
        ],
        name: 'providers: [email]',
      })}
    >
      Providers behind one port show up here within two seconds: which is in use and why, how each does, and forcing one
      of them.
    </EmptyState>
  )
}
