'use client'

import dynamic from 'next/dynamic'
import { ReplayAct } from '@/app/(console)/_parts/dead-letters/replay-act'
import type { Which } from '@/app/(console)/_parts/dead-letters/which'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { RelativeTime } from '@/components/status/relative-time'
import { EmptyState } from '@/components/ui/empty-state'
import type { DeadLettersData } from '@/lib/console/areas/dead-letters/views/dead-letters'
import type { Reading } from '@/lib/console/platform/view/read'
import { ExportLink } from './export-link'
import { FailureNotices } from './failure-notices'
import { groupRows } from './group-rows'
import { ImportAct } from './import-act'

/** The most kinds that one act takes. */
const MOST_KINDS = 200

const GroupSheet = dynamic(() => import('./group-sheet').then(module => module.GroupSheet))

const deadLettersList: List = {
  view: 'dead-letters',
  search: 'Filter errors, jobs and queues',
  states: [
    { value: 'current', label: 'Failing now', status: 'bad' },
    { value: 'new', label: 'New', status: 'warning', offered: 'counted' },
    { value: 'older', label: 'Older', offered: 'counted' },
  ],
  selects: [
    { name: 'in', asked: 'queue', label: 'Queue', any: 'All queues' },
    { name: 'on', asked: 'server', label: 'Server', any: 'All servers' },
    { name: 'service', label: 'Service', any: 'All services' },
  ],
  sheet: ['group'],
}

interface DeadLettersBodyProps {
  environment: string
  initial: Reading<DeadLettersData>
}

export function DeadLettersBody({ environment, initial }: DeadLettersBodyProps) {
  const list = useList(deadLettersList, environment, initial)
  const { data, url, chosen } = list
  const group = url.get('group')
  const options = {
    in: data.queues,
    on: data.servers.map(({ name }) => name),
    service: data.services,
  }
  return (
    <ListPage
      list={list}
      title="Dead letters"
      actions={
        <>
          <ImportAct servers={options.on} queue={url.get('in')} />
          {data.groups.length > 0 ? (
            <ListActs environment={environment} data={data} narrowed={chosen.length > 0} />
          ) : null}
        </>
      }
      sheet={group ? <GroupSheet key={group} environment={environment} fingerprint={group} /> : null}
    >
      <FilterBar counts={data.counts} options={options} />
      <FailureNotices servers={data.servers} />
      <ListPanel>
        <ListTable
          of={groupRows}
          rows={data.groups}
          total={data.total}
          empty={chosen.length > 0 ? undefined : <NoDeadLetters data={data} />}
        />
      </ListPanel>
    </ListPage>
  )
}

/** Acts on all that the list shows, which its filters narrow to kinds. */
function ListActs({ environment, data, narrowed }: { environment: string; data: DeadLettersData; narrowed: boolean }) {
  const fingerprints = data.groups.map(({ fingerprint }) => fingerprint).filter(each => each !== 'other')
  const which: Which = narrowed ? { by: 'kinds', fingerprints: fingerprints.slice(0, MOST_KINDS) } : { by: 'all' }
  // More kinds than an act takes: it would leave some of those shown.
  if (narrowed && (fingerprints.length > MOST_KINDS || fingerprints.length === 0)) return null
  return (
    <>
      <ExportLink environment={environment} which={which} />
      <ReplayAct
        which={which}
        subject={narrowed ? 'those that match' : 'all dead letters'}
        label={narrowed ? 'Replay those that match…' : 'Replay all…'}
      />
    </>
  )
}

/** There is none, or it is not known yet. */
function NoDeadLetters({ data }: { data: DeadLettersData }) {
  const { none, servers, examinedAt } = data
  if (none && examinedAt !== undefined)
    return (
      <EmptyState title="No dead letters">
        Every queue of every watched Redis was examined <RelativeTime at={examinedAt} />. Jobs that fail for good are
        listed here, those of one kind together.
      </EmptyState>
    )
  if (servers.some(({ status }) => status === 'down'))
    return <EmptyState title="Dead letters are not known">A Redis does not answer. See above.</EmptyState>
  return (
    <EmptyState title="Looking for dead letters">
      The queues of the watched Redis servers are being examined; dead letters are listed as they are found.
    </EmptyState>
  )
}
