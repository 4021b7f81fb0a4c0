import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import { AppLink } from '@/components/ui/app-link'
import type { SubscriptionRow } from '@/lib/console/areas/events/subscriptions'

export function ReplayLines({ replays, environment }: { replays: SubscriptionRow['replays']; environment: string }) {
  if (replays.length === 0) return <p className="px-4 py-1 text-md text-muted">None is known.</p>
  return (
    <ul className="divide-y divide-line">
      {replays.map(({ id, startedAt, sent, endedAt, error }) => (
        <li key={id} className="grid gap-0.5 px-4 py-1.5 text-md">
          <span className="flex flex-wrap items-center gap-x-3 tabular-nums">
            <AppLink href={`/${environment}/audit?run=${id}`} className="underline touch:py-2">
              <RelativeTime at={startedAt} />
            </AppLink>
            <span>
              <ShortNumber value={sent} /> sent
            </span>
            {endedAt === undefined ? <span className="text-muted">under way</span> : null}
          </span>
          {error === undefined ? null : <p className="text-sm break-words text-bad">{error}</p>}
        </li>
      ))}
    </ul>
  )
}
