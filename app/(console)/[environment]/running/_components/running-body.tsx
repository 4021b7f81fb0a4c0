'use client'

import dynamic from 'next/dynamic'
import { useCatalogue } from '@/app/(console)/_frame/catalogue'
import { useView } from '@/app/(console)/_frame/use-view'
import { goShallow, ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { BesideSheet } from '@/app/(console)/_parts/sheets/beside-sheet'
import { PageHeader } from '@/components/shell/page-header'
import { Sheet } from '@/components/ui/sheet'
import type { RunData } from '@/lib/console/areas/running/views/run'
import type { RunningData } from '@/lib/console/areas/running/views/running'
import type { Reading } from '@/lib/console/platform/view/read'
import { Finished } from './finished'
import { Overrides } from './overrides'
import { UnderWay } from './under-way'

// A list is opened more often than a sheet beside it.
const RunSheet = dynamic(() => import('@/app/(console)/_parts/runs/run-sheet').then(module => module.RunSheet))

interface RunningBodyProps {
  environment: string
  initial: Reading<RunningData>
  /** The run the address asked for, read on the server. */
  opened?: { id: string; reading: Reading<RunData> }
}

export function RunningBody({ environment, initial, opened }: RunningBodyProps) {
  const { get, href } = useUrlFilters()
  const catalogue = useCatalogue()
  const { reading = initial } = useView<RunningData>({ view: 'running', environment, filters: {} }, initial)
  const { running, recent, overrides, mayAbort } = reading.data
  const id = get('run')
  const list = { current: id, hrefOf: (run: string) => href({ run }), beside: id !== undefined }
  return (
    <>
      <BesideSheet open={id !== undefined}>
        <PageHeader
          title="Running"
          note="Every act under way and every state that is held: whose, since when, until when."
        />
        <ShallowLinks className="grid gap-4">
          <UnderWay part={running} mayAbort={mayAbort} {...list} />
          <Overrides part={overrides} environment={environment} beside={list.beside} />
          <Finished part={recent} environment={environment} {...list} />
        </ShallowLinks>
      </BesideSheet>
      <Sheet
        aria-label="Run"
        open={id !== undefined}
        onOpenChange={open => {
          if (!open) goShallow(href({ run: undefined }))
        }}
      >
        {id === undefined ? null : (
          <RunSheet
            key={id}
            id={id}
            environment={environment}
            initial={opened?.id === id ? opened.reading : undefined}
            titleOf={operation => catalogue.find(known => known.id === operation)?.title ?? operation}
          />
        )}
      </Sheet>
    </>
  )
}
