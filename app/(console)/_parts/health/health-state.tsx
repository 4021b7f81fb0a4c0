import { type Status, StatusBadge } from '@/components/status/status-mark'
import type { HealthStatus } from '@/lib/console/areas/health/collect'

export const healthStatus: Record<HealthStatus, Status> = {
  up: 'good',
  degraded: 'warning',
  down: 'bad',
  unknown: 'unknown',
}

const words: Record<HealthStatus, string> = { up: 'Up', degraded: 'Degraded', down: 'Down', unknown: 'Unknown' }

export function HealthBadge({ status }: { status: HealthStatus }) {
  return (
    <StatusBadge status={healthStatus[status]} quiet={status === 'up'}>
      {words[status]}
    </StatusBadge>
  )
}
