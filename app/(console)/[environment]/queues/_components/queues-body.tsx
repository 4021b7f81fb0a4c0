'use client'

import dynamic from 'next/dynamic'
import { DroppedFilters } from '@/app/(console)/_parts/filters/dropped-filters'
import { FilterChips } from '@/app/(console)/_parts/filters/filter-chips'
import { FilterSelect } from '@/app/(console)/_parts/filters/filter-select'
import { goShallow, ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { pickFilters, useFilteredView } from '@/app/(console)/_parts/filters/use-filtered-view'
import { BesideSheet } from '@/app/(console)/_parts/sheets/beside-sheet'
import type { Joining } from '@/app/(console)/_parts/teaching/joining'
import { SearchField } from '@/components/data-table/search-field'
import { Arriving } from '@/components/operation/arriving'
import { PageHeader } from '@/components/shell/page-header'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Sheet } from '@/components/ui/sheet'
import type { QueuesData } from '@/lib/console/areas/queues/views/queues'
import type { Reading } from '@/lib/console/platform/view/read'
import { QueuesTable } from './queues-table'
import { ServerNotices } from './server-notices'

const QueueSheet = dynamic(() => import('./queue-sheet').then(module => module.QueueSheet))

const FILTERS = ['q', 'state', 'sort', 'dir'] as const
const STATES = [
  { value: 'all', label: 'All' },
  { value: 'troubled', label: 'In trouble', status: 'warning' },
  { value: 'working', label: 'Working' },
  { value: 'waiting', label: 'Waiting' },
  // Shown only when the overview leads to one of these.
  { value: 'no-workers', label: 'No worker', status: 'bad' },
  { value: 'left-behind', label: 'Left in the paused list', status: 'bad' },
  { value: 'dead-children', label: 'Child failed', status: 'warning' },
  { value: 'dead-letters', label: 'New dead letters', status: 'warning' },
  { value: 'backing-up', label: 'Backing up', status: 'warning' },
  { value: 'paused', label: 'Paused' },
  { value: 'idle', label: 'Idle' },
  { value: 'unknown', label: 'Unknown', status: 'unknown' },
] as const
/** What of the address is about the open sheet. */
const SHEET = {
  queue: undefined,
  server: undefined,
  jobs: undefined,
  jq: undefined,
  page: undefined,
  look: undefined,
  job: undefined,
}

/** The server that a list is narrowed to is `on` in the address: `server` there is that of the open queue. */
export function QueuesBody({ initial, joining }: { initial: Reading<QueuesData>; joining: Joining }) {
  const { environment } = joining
  const { get, href } = useUrlFilters()
  const on = get('on')
  const { reading, pending } = useFilteredView<QueuesData>(
    {
      view: 'queues',
      environment,
      filters: { ...pickFilters(get, FILTERS), ...(on ? { server: on } : {}) },
    },
    initial,
  )
  const { data } = reading
  const set = (patch: Record<string, string | undefined>) => goShallow(href(patch))
  const queue = get('queue')
  const server = get('server')
  const opened = queue !== undefined && server !== undefined ? { queue, server } : undefined
  const asked = get('state')
  const state = STATES.find(({ value }) => value === asked)?.value ?? 'all'

  return (
    <>
      <BesideSheet open={opened !== undefined}>
        <PageHeader
          title="Queues"
          actions={
            <Button asChild>
              {/* Another application behind the same session: a whole page, not one of ours. */}
              <a href={`/${environment}/queues/board`}>Bull Board</a>
            </Button>
          }
        />
        <DroppedFilters dropped={reading.dropped} />
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <FilterChips
            label="State"
            value={state}
            chips={STATES.filter(
              ({ value }) =>
                value === 'all' ||
                value === 'troubled' ||
                value === state ||
                (!value.includes('-') && data.counts[value] > 0),
            ).map(chip => ({ ...chip, count: data.counts[chip.value] }))}
            onChange={value => set({ state: value === 'all' ? undefined : value })}
          />
          <div className={opened ? 'flex w-full gap-2' : 'ml-auto flex gap-2 max-wide:w-full'}>
            {data.servers.length > 1 || on ? (
              <FilterSelect
                label="Server"
                value={on ?? ''}
                options={[
                  { value: '', label: 'All servers' },
                  ...data.servers.map(({ name }) => ({ value: name, label: name })),
                ]}
                onChange={value => set({ on: value })}
                className="max-w-48 max-wide:flex-1"
              />
            ) : null}
            <SearchField
              label="Filter queues"
              value={get('q') ?? ''}
              onChange={q => set({ q })}
              className="w-56 max-wide:w-auto max-wide:flex-1"
            />
          </div>
        </div>
        <ServerNotices servers={data.servers} />
        <ShallowLinks className={cn('overflow-clip rounded-lg border border-line bg-panel', pending && 'opacity-60')}>
          <QueuesTable
            data={data}
            joining={joining}
            url={{ get, href: patch => href({ ...SHEET, ...patch }), set }}
            current={opened}
          />
        </ShallowLinks>
      </BesideSheet>
      <Sheet open={opened !== undefined} onOpenChange={open => (open ? undefined : set(SHEET))}>
        {opened ? (
          <Arriving operation={get('act')} onOpened={() => set({ act: undefined })}>
            <QueueSheet
              key={`${opened.server} ${opened.queue}`}
              environment={environment}
              server={opened.server}
              queue={opened.queue}
              url={{ get, href, set }}
            />
          </Arriving>
        ) : null}
      </Sheet>
    </>
  )
}
