import { useMemo } from 'react'
import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import { queueRows, queueRowsOn } from './queue-columns'

/** The rows of these queues: each names its server, unless that is the same for all. */
export function useRowsOf(queues: readonly QueueRow[]): ListRows<QueueRow> {
  const place = queues.every(({ server }) => server === queues[0]?.server) ? queues[0]?.server : undefined
  return useMemo(() => (place === undefined ? queueRows : queueRowsOn(place)), [place])
}
