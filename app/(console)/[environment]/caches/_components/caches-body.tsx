'use client'

import dynamic from 'next/dynamic'
import { DroppedFilters } from '@/app/(console)/_parts/filters/dropped-filters'
import { FilterChips } from '@/app/(console)/_parts/filters/filter-chips'
import { goShallow, ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { pickFilters, useFilteredView } from '@/app/(console)/_parts/filters/use-filtered-view'
import { BesideSheet } from '@/app/(console)/_parts/sheets/beside-sheet'
import type { Joining } from '@/app/(console)/_parts/teaching/joining'
import { SearchField } from '@/components/data-table/search-field'
import { Arriving } from '@/components/operation/arriving'
import { PageHeader } from '@/components/shell/page-header'
import { PartBoundary } from '@/components/status/part-boundary'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Sheet } from '@/components/ui/sheet'
import type { CacheData } from '@/lib/console/areas/caches/views/cache'
import type { CachesData } from '@/lib/console/areas/caches/views/caches'
import type { Reading } from '@/lib/console/platform/view/read'
import { CachesTable } from './caches-table'

const CacheSheet = dynamic(() => import('./cache-sheet').then(module => module.CacheSheet))
const KeysSheet = dynamic(() => import('./keys-sheet').then(module => module.KeysSheet))

const FILTERS = ['q', 'state', 'service', 'sort', 'dir'] as const
const STATES = [
  { value: 'all', label: 'All' },
  { value: 'degraded', label: 'Degraded', status: 'warning' },
  { value: 'working', label: 'Working', status: 'good' },
  { value: 'unknown', label: 'Unknown', status: 'unknown' },
] as const

interface CachesBodyProps {
  initial: Reading<CachesData>
  /** The sheet the address asked for, read on the server. */
  opened?: { name: string; reading: Reading<CacheData> }
  joining: Joining
}

export function CachesBody({ initial, opened, joining }: CachesBodyProps) {
  const { environment } = joining
  const { get, href } = useUrlFilters()
  const { reading, pending } = useFilteredView<CachesData>(
    { view: 'caches', environment, filters: pickFilters(get, FILTERS) },
    initial,
  )
  const { caches, servers } = reading.data
  const data = caches.status === 'down' ? undefined : caches.data
  const set = (patch: Record<string, string | undefined>) => goShallow(href(patch))
  const name = get('cache')
  const keysOf = get('keys')
  const beside = name !== undefined || keysOf !== undefined
  const asked = get('state')
  const state = STATES.find(({ value }) => value === asked)?.value ?? 'all'
  const close = () => set({ cache: undefined, keys: undefined, pattern: undefined })

  return (
    <>
      <BesideSheet open={beside}>
        <PageHeader
          title="Caches"
          actions={
            <Button onClick={() => set({ keys: servers[0]?.name ?? '', cache: undefined })}>Keys by prefix…</Button>
          }
        />
        <DroppedFilters dropped={reading.dropped} />
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <FilterChips
            label="State"
            value={state}
            chips={STATES.filter(
              ({ value }) => value !== 'unknown' || state === 'unknown' || (data?.counts.unknown ?? 0) > 0,
            ).map(chip => ({ ...chip, count: data?.counts[chip.value] }))}
            onChange={value => set({ state: value === 'all' ? undefined : value })}
          />
          <SearchField
            label="Filter caches"
            value={get('q') ?? ''}
            onChange={q => set({ q })}
            className={beside ? 'w-full' : 'ml-auto w-56 max-wide:w-full'}
          />
        </div>
        <ShallowLinks className={cn('overflow-clip rounded-lg border border-line bg-panel', pending && 'opacity-60')}>
          <PartBoundary
            part={caches}
            what={`The fleet of ${environment}`}
            action={
              <Button asChild size="sm">
                <AppLink href={`/${environment}/health`}>See health</AppLink>
              </Button>
            }
          >
            {known => (
              <CachesTable data={known} joining={joining} url={{ get, href, set }} current={name} narrow={beside} />
            )}
          </PartBoundary>
        </ShallowLinks>
      </BesideSheet>
      <Sheet aria-label={name ?? 'Keys by prefix'} open={beside} onOpenChange={open => (open ? undefined : close())}>
        {name ? (
          <Arriving operation={get('act')} onOpened={() => set({ act: undefined })}>
            <CacheSheet
              key={name}
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
        )}
      </Sheet>
    </>
  )
}
