import { type Status, StatusBadge } from '@/components/status/status-mark'
import type { DatabaseRow } from '@/lib/console/areas/database/views/databases'
import { formatExact } from '@/lib/core/number-format'

/** Whether a database answers, and whether someone waits there. */
export function ServerState({ row }: { row: DatabaseRow }) {
  const [status, word] = stateOf(row)
  return (
    <StatusBadge status={status} quiet={status === 'good'}>
      {word}
    </StatusBadge>
  )
}

function stateOf({ server, waiting = 0 }: DatabaseRow): [Status, string] {
  if (server.status === 'down') return ['bad', 'Down']
  if (server.status === 'stale') return ['unknown', 'Stale']
  return waiting > 0 ? ['warning', `${formatExact(waiting)} waiting`] : ['good', 'Up']
}
