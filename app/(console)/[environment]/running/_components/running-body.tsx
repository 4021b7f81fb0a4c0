'use client'

import dynamic from 'next/dynamic'
import { useCatalogue } from '@/app/(console)/_frame/catalogue'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { useList } from '@/app/(console)/_parts/list/use-list'
import type { RunData } from '@/lib/console/areas/running/views/run'
import type { RunningData } from '@/lib/console/areas/running/views/running'
import type { Reading } from '@/lib/console/platform/view/read'
import { Finished } from './finished'
import { Overrides } from './overrides'
import { UnderWay } from './under-way'

// A list is opened more often than a sheet beside it.
const RunSheet = dynamic(() => import('@/app/(console)/_parts/runs/run-sheet').then(module => module.RunSheet))

const runningList: List = { view: 'running', sheet: ['run'] }

interface RunningBodyProps {
  environment: string
  initial: Reading<RunningData>
  /** The run the address asked for, read on the server. */
  opened?: { id: string; reading: Reading<RunData> }
}

export function RunningBody({ environment, initial, opened }: RunningBodyProps) {
  const catalogue = useCatalogue()
  const list = useList(runningList, environment, initial)
  const { running, recent, overrides, mayAbort } = list.data
  const id = list.url.get('run')
  return (
    <ListPage
      list={list}
      title="Running"
      note="Every act under way and every override in force: whose, since when, until when."
      sheet={
        id ? (
          <RunSheet
            key={id}
            id={id}
            environment={environment}
            initial={opened?.id === id ? opened.reading : undefined}
            titleOf={operation => catalogue.find(known => known.id === operation)?.title ?? operation}
          />
        ) : null
      }
    >
      <div className="grid gap-4">
        <UnderWay part={running} mayAbort={mayAbort} />
        <Overrides part={overrides} environment={environment} />
        <Finished part={recent} environment={environment} />
      </div>
    </ListPage>
  )
}
