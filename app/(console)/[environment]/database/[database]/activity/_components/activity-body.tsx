'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { Arriving } from '@/components/operation/arriving'
import { EmptyState } from '@/components/ui/empty-state'
import type { ActivityData } from '@/lib/console/areas/database/views/activity'
import type { Reading } from '@/lib/console/platform/view/read'
import { MissingGrant } from '../../_components/missing-grant'
import { BlockTree } from './block-tree'
import { sessionColumns } from './session-columns'

const SessionSheet = dynamic(() => import('./session-sheet').then(module => module.SessionSheet))

const activityList: List = {
  view: 'database-activity',
  search: 'Filter sessions',
  states: [
    { value: 'waiting', label: 'Waiting', status: 'bad' },
    { value: 'active', label: 'Active' },
    { value: 'open', label: 'Idle in transaction', status: 'warning' },
    { value: 'idle', label: 'Idle' },
  ],
  selects: [{ name: 'service', label: 'Service', any: 'All services' }],
  sheet: ['session'],
}

interface ActivityBodyProps {
  environment: string
  name: string
  initial: Reading<ActivityData>
}

/** Who is connected, what each does, and who waits for whom. */
export function ActivityBody({ environment, name, initial }: ActivityBodyProps) {
  const list = useList(activityList, environment, initial, { name })
  const { activity } = list.data
  if (!activity) return null
  const known = activity.status === 'down' ? undefined : activity.data
  const { url } = list
  const opened = url.get('session')
  return (
    <Arriving operation={url.get('act')} onOpened={() => url.set({ act: undefined })}>
      <ListPage
        list={list}
        sheet={opened ? <SessionSheet key={opened} database={name} pid={Number(opened)} activity={activity} /> : null}
      >
        {known?.grant ? (
          <MissingGrant grant={known.grant}>
            Statements, states and waits of other accounts are hidden by Postgres, and their sessions cannot be acted
            on.
          </MissingGrant>
        ) : null}
        {known && known.tree.length > 0 ? <BlockTree tree={known.tree} url={url} /> : null}
        <FilterBar counts={known?.counts} options={{ service: known?.services ?? [] }} />
        <ListPanel>
          <ListPart part={activity} what={`Postgres ${name}`}>
            {({ rows, total, counts }) => (
              <ListTable
                of={sessionColumns}
                rows={rows}
                total={total}
                label={`Sessions of ${name}`}
                empty={
                  counts.all === 0 ? (
                    <EmptyState title="No one is connected">Only this console asks this database.</EmptyState>
                  ) : undefined
                }
              />
            )}
          </ListPart>
        </ListPanel>
      </ListPage>
    </Arriving>
  )
}
