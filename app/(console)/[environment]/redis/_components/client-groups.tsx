import { MiddleTruncate } from '@/components/status/middle-truncate'
import type { ClientGroup } from '@/lib/console/servers/redis/port'
import { formatExact } from '@/lib/core/number-format'
import { formatWhole } from '@/lib/core/time-format'
import { NotPermitted } from './not-permitted'

export function ClientGroups({ groups }: { groups: readonly ClientGroup[] | undefined }) {
  if (!groups) return <NotPermitted needs="CLIENT LIST" grant="+client|list" />
  return (
    <ul className="text-md">
      {groups.map(({ name, count, addresses, longestIdleSeconds }) => (
        <li key={name} className="grid grid-cols-[40px_minmax(0,1fr)_auto] items-baseline gap-x-3 px-4 py-1">
          <span className="text-right tabular-nums">{formatExact(count)}</span>
          {name ? <MiddleTruncate text={name} /> : <span className="text-muted">without a name</span>}
          <span className="text-sm text-muted" title={addresses.join(', ')}>
            idle for at most {formatWhole(longestIdleSeconds * 1_000)}
          </span>
        </li>
      ))}
    </ul>
  )
}
