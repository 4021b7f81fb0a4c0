'use client'

import dynamic from 'next/dynamic'
import { DroppedFilters } from '@/app/(console)/_parts/filters/dropped-filters'
import { goShallow, ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { pickFilters, useFilteredView } from '@/app/(console)/_parts/filters/use-filtered-view'
import { BesideSheet } from '@/app/(console)/_parts/sheets/beside-sheet'
import type { Joining } from '@/app/(console)/_parts/teaching/joining'
import { PageHeader } from '@/components/shell/page-header'
import { PartBoundary } from '@/components/status/part-boundary'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { SegmentedControl } from '@/components/ui/segmented-control'
import { Sheet } from '@/components/ui/sheet'
import type { BreakerData } from '@/lib/console/areas/breakers/views/breaker'
import type { BreakersData } from '@/lib/console/areas/breakers/views/breakers'
import type { Reading } from '@/lib/console/platform/view/read'
import { actOf } from './act-in-url'
import { BreakerFilters } from './breaker-filters'
import { BreakersTable } from './breakers-table'
import { ChooseBreaker } from './choose-breaker'

// A list is opened more often than a sheet beside it.
const BreakerSheet = dynamic(() => import('./breaker-sheet').then(module => module.BreakerSheet))

const FILTERS = ['q', 'by', 'state', 'service', 'sort', 'dir'] as const
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
  const { get, href } = useUrlFilters()
  const { reading, pending } = useFilteredView<BreakersData>(
    { view: 'breakers', environment, filters: pickFilters(get, FILTERS) },
    initial,
  )
  const { breakers } = reading.data
  const set = (patch: Record<string, string | undefined>) => goShallow(href(patch))
  const name = get('breaker')
  const { act, dropped } = actOf(get('act'))
  const close = () => set({ breaker: undefined, process: undefined, act: undefined })

  return (
    <>
      <BesideSheet open={name !== undefined}>
        <PageHeader
          title="Breakers"
          actions={
            <SegmentedControl
              label="Rows are"
              value={get('by') === 'instance' ? 'instance' : 'dependency'}
              segments={WAYS}
              onChange={by => set({ by: by === 'instance' ? by : undefined, sort: undefined, dir: undefined })}
            />
          }
        />
        <DroppedFilters dropped={[...reading.dropped, ...dropped]} />
        {act && !name ? <ChooseBreaker act={act} onCancel={() => set({ act: undefined })} /> : null}
        <BreakerFilters
          get={get}
          set={set}
          data={breakers.status === 'down' ? undefined : breakers.data}
          narrow={name !== undefined}
        />
        <ShallowLinks
          className={cn(
            'overflow-clip rounded-lg border border-line bg-panel transition-opacity',
            pending && 'opacity-60',
          )}
        >
          <PartBoundary
            part={breakers}
            what={`The fleet of ${environment}`}
            action={
              <Button asChild size="sm">
                <AppLink href={`/${environment}/health`}>See health</AppLink>
              </Button>
            }
          >
            {data => (
              <BreakersTable
                data={data}
                joining={joining}
                url={{ get, href, set }}
                current={{ breaker: name, process: get('process') }}
              />
            )}
          </PartBoundary>
        </ShallowLinks>
      </BesideSheet>
      <Sheet aria-label={name} open={name !== undefined} onOpenChange={open => (open ? undefined : close())}>
        {name === undefined ? null : (
          <BreakerSheet
            key={name}
            name={name}
            environment={environment}
            initial={opened?.name === name ? opened.reading : undefined}
            process={get('process')}
            act={act}
            onActDone={() => set({ act: undefined })}
          />
        )}
      </Sheet>
    </>
  )
}
