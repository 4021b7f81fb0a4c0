'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel } from '@/app/(console)/_parts/list/list-panel'
import { useList } from '@/app/(console)/_parts/list/use-list'
import type { Joining } from '@/app/(console)/_parts/teaching/joining'
import { Arriving } from '@/components/operation/arriving'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { SegmentedControl } from '@/components/ui/segmented-control'
import type { QueuesData } from '@/lib/console/areas/queues/views/queues'
import type { Reading } from '@/lib/console/platform/view/read'
import { useFavouritesFirst } from './favourites'
import { QueueGroups } from './queue-groups'
import { QUEUE_SHEET } from './queue-sheet-url'
import { QueuesTable } from './queues-table'
import { ServerNotices } from './server-notices'

const QueueSheet = dynamic(() => import('./queue-sheet').then(module => module.QueueSheet))

const queuesList: List = {
  view: 'queues',
  search: 'Filter queues',
  states: [
    { value: 'troubled', label: 'In trouble', status: 'warning' },
    { value: 'working', label: 'Working', offered: 'counted' },
    { value: 'waiting', label: 'Waiting', offered: 'counted' },
    // The overview leads to these.
    { value: 'no-workers', label: 'No worker', status: 'bad', offered: 'linked' },
    { value: 'orphaned', label: 'Worker lost', status: 'bad', offered: 'linked' },
    { value: 'left-behind', label: 'Left in the paused list', status: 'bad', offered: 'linked' },
    { value: 'dead-children', label: 'Child failed', status: 'warning', offered: 'linked' },
    { value: 'dead-letters', label: 'New dead letters', status: 'warning', offered: 'linked' },
    { value: 'backing-up', label: 'Backing up', status: 'warning', offered: 'linked' },
    { value: 'paused', label: 'Paused', offered: 'counted' },
    { value: 'idle', label: 'Idle', offered: 'counted' },
    { value: 'unknown', label: 'Unknown', status: 'unknown', offered: 'counted' },
  ],
  // `server` in the address is that of the open queue.
  selects: [{ name: 'on', asked: 'server', label: 'Server', any: 'All servers' }],
  arrangedBy: ['group'],
  sheet: QUEUE_SHEET,
}

const GROUPS = [
  { value: 'none', label: 'One list' },
  { value: 'service', label: 'By service' },
] as const

export function QueuesBody({ initial, joining }: { initial: Reading<QueuesData>; joining: Joining }) {
  const { environment } = joining
  const list = useList(queuesList, environment, initial, useFavouritesFirst(environment))
  const { url, data } = list
  const queue = url.get('queue')
  const server = url.get('server')
  return (
    <ListPage
      list={list}
      title="Queues"
      actions={
        <>
          <Button asChild>
            <AppLink href={`/${environment}/queues/search`}>Search jobs</AppLink>
          </Button>
          <Button asChild>
            {/* Another application behind the same session: a whole page, not one of ours. */}
            <a href={`/${environment}/queues/board`}>Bull Board</a>
          </Button>
        </>
      }
      sheet={
        queue && server ? (
          <Arriving operation={url.get('act')} onOpened={() => url.set({ act: undefined })}>
            <QueueSheet key={`${server} ${queue}`} environment={environment} server={server} queue={queue} url={url} />
          </Arriving>
        ) : null
      }
    >
      <FilterBar counts={data.counts} options={{ on: data.servers.map(({ name }) => name) }}>
        <SegmentedControl
          label="Groups"
          value={url.get('group') === 'service' ? 'service' : 'none'}
          segments={GROUPS}
          onChange={group => url.set({ group: group === 'service' ? group : undefined })}
        />
      </FilterBar>
      <ServerNotices servers={data.servers} />
      {data.groups && data.groups.length > 0 ? (
        <QueueGroups groups={data.groups} unknown={data.servicesUnknown} />
      ) : (
        <ListPanel>
          <QueuesTable data={data} narrowed={list.chosen.length > 0} joining={joining} />
        </ListPanel>
      )}
    </ListPage>
  )
}
