import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { TitledPanel } from '@/app/(console)/_parts/list/titled-panel'
import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import type { QueuesData } from '@/lib/console/areas/queues/views/queues'
import { formatExact } from '@/lib/core/number-format'
import { useRowsOf } from './use-rows-of'

/** The queues by the services whose workers work on them. */
export function QueueGroups({ groups, unknown }: { groups: NonNullable<QueuesData['groups']>; unknown?: string }) {
  const rows = useRowsOf(groups.flatMap(({ queues }) => queues))
  return (
    <div className="grid gap-4">
      {unknown ? (
        <Callout tone="unknown" mark={<StatusMark status="unknown" />} title="The services are not known">
          <p>{unknown}</p>
        </Callout>
      ) : null}
      {groups.map(({ service, total, queues }) => {
        const title = service ?? (unknown ? 'Service not known' : 'No known service')
        return (
          <TitledPanel
            key={service ?? ''}
            title={title}
            note={`${formatExact(total)} ${total === 1 ? 'queue' : 'queues'}${service || unknown ? '' : ': no worker that works on them is registered'}`}
          >
            <ListTable of={rows} rows={queues} total={total} label={`Queues of ${title}`} empty={null} />
          </TitledPanel>
        )
      })}
    </div>
  )
}
