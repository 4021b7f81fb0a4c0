'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import type { Joining } from '@/app/(console)/_parts/teaching/joining'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { SegmentedControl } from '@/components/ui/segmented-control'
import type { BreakerData } from '@/lib/console/areas/breakers/views/breaker'
import type { BreakersData } from '@/lib/console/areas/breakers/views/breakers'
import type { Reading } from '@/lib/console/platform/view/read'
import { actOf } from './act-in-url'
import { breakersByDependency } from './group-columns'
import { breakersByInstance } from './instance-columns'

// A list is opened more often than a sheet beside it, and most often has rows.
const BreakerSheet = dynamic(() => import('./breaker-sheet').then(module => module.BreakerSheet))
const ChooseBreaker = dynamic(() => import('./choose-breaker').then(module => module.ChooseBreaker))
const NoBreakers = dynamic(() => import('./no-breakers').then(module => module.NoBreakers))

const breakersList: List = {
  view: 'breakers',
  search: 'Filter breakers',
  states: [
    { value: 'open', label: 'Open', status: 'bad' },
    { value: 'half-open', label: 'Half-open', status: 'warning' },
    { value: 'closed', label: 'Closed', status: 'good' },
    { value: 'forced', label: 'Forced' },
    { value: 'unknown', label: 'Unknown', status: 'unknown', offered: 'counted' },
  ],
  selects: [{ name: 'service', label: 'Service', any: 'All services' }],
  arrangedBy: ['by'],
  sheet: ['breaker', 'process', 'look', 'hours'],
}
const WAYS = [
  { value: 'dependency', label: 'By dependency' },
  { value: 'instance', label: 'By instance' },
] as const

interface BreakersBodyProps {
  initial: Reading<BreakersData>
  /** The sheet the address asked for, read on the server. */
  opened?: { name: string; reading: Reading<BreakerData> }
  joining: Joining
}

export function BreakersBody({ initial, opened, joining }: BreakersBodyProps) {
  const { environment } = joining
  const list = useList(breakersList, environment, initial)
  const { get, set } = list.url
  const { breakers } = list.data
  const known = breakers.status === 'down' ? undefined : breakers.data
  const name = get('breaker')
  const { act, dropped } = actOf(get('act'))
  return (
    <ListPage
      list={list}
      title="Breakers"
      actions={
        <>
          <Button asChild>
            <AppLink href={`/${environment}/breakers/limits`}>Limits</AppLink>
          </Button>
          <SegmentedControl
            label="Rows are"
            value={get('by') === 'instance' ? 'instance' : 'dependency'}
            segments={WAYS}
            onChange={by => set({ by: by === 'instance' ? by : undefined, sort: undefined, dir: undefined })}
          />
        </>
      }
      dropped={dropped}
      sheet={
        name ? (
          <BreakerSheet
            key={name}
            name={name}
            environment={environment}
            initial={opened?.name === name ? opened.reading : undefined}
            url={list.url}
            act={act}
          />
        ) : null
      }
    >
      {act && !name ? <ChooseBreaker act={act} onCancel={() => set({ act: undefined })} /> : null}
      <FilterBar counts={known?.counts} options={{ service: known?.services ?? [] }} />
      <ListPanel>
        <ListPart part={breakers}>
          {({ by, groups, instances, total, none }) => {
            const shown = { total, empty: none ? <NoBreakers joining={joining} /> : undefined }
            return by === 'dependency' ? (
              <ListTable
                of={breakersByDependency}
                rows={groups}
                label={`Breakers in ${environment}, by dependency`}
                {...shown}
              />
            ) : (
              <ListTable
                of={breakersByInstance}
                rows={instances}
                label={`Breakers in ${environment}, by instance`}
                {...shown}
              />
            )
          }}
        </ListPart>
      </ListPanel>
    </ListPage>
  )
}
