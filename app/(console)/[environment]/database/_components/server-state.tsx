import { type Status, StatusBadge } from '@/components/status/status-mark'
import type { DatabaseRow } from '@/lib/console/areas/database/views/databases'

const STATES: Record<DatabaseRow['server']['status'], [Status, string]> = {
  up: ['good', 'Up'],
  stale: ['unknown', 'Stale'],
  down: ['bad', 'Down'],
}

/** Whether a database answers. */
export function ServerState({ server }: { server: DatabaseRow['server'] }) {
  const [status, word] = STATES[server.status]
  return (
    <StatusBadge status={status} quiet={status === 'good'}>
      {word}
    </StatusBadge>
  )
}
