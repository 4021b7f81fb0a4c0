import { StatusBadge } from '@/components/status/status-mark'
import { Badge } from '@/components/ui/badge'
import type { MigrationRow } from '@/lib/console/areas/migrations/migration-row'

/** How a migration stands, in a word. Pending is no trouble; late, changed or gone is. */
export function MigrationMark({ row }: { row: Pick<MigrationRow, 'state' | 'outOfOrder' | 'problem'> }) {
  if (row.state === 'drifted') return <StatusBadge status="warning">Drifted</StatusBadge>
  if (row.state === 'missing') return <StatusBadge status="warning">File missing</StatusBadge>
  if (row.state === 'applied')
    return (
      <StatusBadge status="good" quiet>
        Applied
      </StatusBadge>
    )
  if (row.problem) return <StatusBadge status="bad">Cannot be run</StatusBadge>
  if (row.outOfOrder) return <StatusBadge status="warning">Out of order</StatusBadge>
  return <Badge tone="accent">Pending</Badge>
}
