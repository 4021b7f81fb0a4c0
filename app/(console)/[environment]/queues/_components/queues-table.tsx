import { ListTable } from '@/app/(console)/_parts/list/list-table'
import type { Joining } from '@/app/(console)/_parts/teaching/joining'
import { EmptyState } from '@/components/ui/empty-state'
import type { QueuesData } from '@/lib/console/areas/queues/views/queues'
import { NoQueues } from './no-queues'
import { useRowsOf } from './use-rows-of'

interface QueuesTableProps {
  data: QueuesData
  /** A filter is set. */
  narrowed: boolean
  joining: Joining
}

export function QueuesTable({ data, narrowed, joining }: QueuesTableProps) {
  const { queues, servers, counts, total, none } = data
  const rows = useRowsOf(queues)
  const unknown = servers.some(({ status }) => status === 'down')
  return (
    <ListTable
      of={rows}
      rows={queues}
      total={total}
      empty={
        none ? (
          <NoQueues joining={joining} />
        ) : counts.all === 0 && unknown ? (
          <EmptyState title="No queue can be shown">Redis does not answer, so none is known. See above.</EmptyState>
        ) : counts.all === 0 && !narrowed ? (
          <EmptyState title="Still looking for queues">
            The keys of the watched Redis servers are being searched; queues are listed as they are found.
          </EmptyState>
        ) : undefined
      }
    />
  )
}
