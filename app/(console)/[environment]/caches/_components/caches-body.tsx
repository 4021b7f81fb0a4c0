'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import type { Joining } from '@/app/(console)/_parts/teaching/joining'
import { Arriving } from '@/components/operation/arriving'
import { Button } from '@/components/ui/button'
import type { CacheData } from '@/lib/console/areas/caches/views/cache'
import type { CachesData } from '@/lib/console/areas/caches/views/caches'
import type { Reading } from '@/lib/console/platform/view/read'
import { cacheRows } from './cache-columns'
import { NoCaches } from './no-caches'

// A list is opened more often than a sheet beside it.
const CacheSheet = dynamic(() => import('./cache-sheet').then(module => module.CacheSheet))
const KeysSheet = dynamic(() => import('./keys-sheet').then(module => module.KeysSheet))

const cachesList: List = {
  view: 'caches',
  search: 'Filter caches',
  states: [
    { value: 'degraded', label: 'Degraded', status: 'warning' },
    { value: 'working', label: 'Working', status: 'good' },
    { value: 'unknown', label: 'Unknown', status: 'unknown', offered: 'counted' },
  ],
  selects: [{ name: 'service', label: 'Service', any: 'All services' }],
  sheet: ['cache', 'key', 'keys', 'pattern', 'hours'],
}

interface CachesBodyProps {
  initial: Reading<CachesData>
  /** The sheet the address asked for, read on the server. */
  opened?: { name: string; reading: Reading<CacheData> }
  joining: Joining
}

export function CachesBody({ initial, opened, joining }: CachesBodyProps) {
  const { environment } = joining
  const list = useList(cachesList, environment, initial)
  const { get, set } = list.url
  const { caches, servers } = list.data
  const known = caches.status === 'down' ? undefined : caches.data
  const name = get('cache')
  const keysOf = get('keys')
  return (
    <ListPage
      list={list}
      title="Caches"
      actions={<Button onClick={() => set({ keys: servers[0]?.name ?? '', cache: undefined })}>Keys by prefix…</Button>}
      sheet={
        name ? (
          <Arriving operation={get('act')} onOpened={() => set({ act: undefined })}>
            <CacheSheet
              key={name}
              url={list.url}
              name={name}
              environment={environment}
              initial={opened?.name === name ? opened.reading : undefined}
            />
          </Arriving>
        ) : keysOf === undefined ? null : (
          <KeysSheet
            environment={environment}
            servers={servers}
            server={keysOf}
            pattern={get('pattern') ?? ''}
            onChange={set}
          />
        )
      }
    >
      <FilterBar counts={known?.counts} />
      <ListPanel>
        <ListPart part={caches}>
          {({ groups, total, none }) => (
            <ListTable
              of={cacheRows}
              rows={groups}
              total={total}
              empty={none ? <NoCaches joining={joining} /> : undefined}
            />
          )}
        </ListPart>
      </ListPanel>
    </ListPage>
  )
}
