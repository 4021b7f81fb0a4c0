import { Duration } from '@/components/status/duration'
import { RelativeTime } from '@/components/status/relative-time'
import type { SlowCommand } from '@/lib/console/servers/redis/port'
import { NotPermitted } from './not-permitted'

export function SlowLog({ commands }: { commands: readonly SlowCommand[] | undefined }) {
  if (!commands) return <NotPermitted needs="SLOWLOG GET" grant="+slowlog|get" />
  if (commands.length === 0)
    return <p className="px-4 py-1 text-md text-muted">Nothing was slower than the server’s own threshold.</p>
  return (
    <ul className="text-md">
      {commands.map(({ id, at, micros, command, more }) => (
        <li key={id} className="grid grid-cols-[76px_minmax(0,1fr)_auto] items-baseline gap-x-3 px-4 py-1">
          <span className="text-right tabular-nums">
            <Duration ms={micros / 1_000} />
          </span>
          <span className="min-w-0 break-all">
            <code>{command}</code>
            {more > 0 ? <span className="text-sm text-muted"> and {more} more</span> : null}
          </span>
          <RelativeTime at={at} className="text-sm text-muted" />
        </li>
      ))}
    </ul>
  )
}
