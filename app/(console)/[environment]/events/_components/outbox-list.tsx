import { TitledPanel } from '@/app/(console)/_parts/list/titled-panel'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { AppLink } from '@/components/ui/app-link'
import type { OutboxRow, RelayRow } from '@/lib/console/areas/events/outboxes'
import { OutboxBadge } from './states'

interface OutboxListProps {
  rows: readonly OutboxRow[]
  /** They are the last that is known: the list below says since when, and why. */
  stale: boolean
  environment: string
}

/** What waits in each outbox, and who sends it. */
export function OutboxList({ rows, stale, environment }: OutboxListProps) {
  return (
    <div className="mb-3">
      <TitledPanel title={rows.length === 1 ? 'Outbox' : 'Outboxes'} note="published and not yet sent">
        <ul className="divide-y divide-line" data-stale={stale || undefined}>
          {rows.map(row => (
            <li key={row.id} className="flex flex-wrap items-center gap-x-6 gap-y-1 px-3.5 py-2 text-md">
              <span className="flex min-w-40 items-center gap-2">
                <span className="font-medium">{row.services.join(', ')}</span>
                <OutboxBadge state={row.state} />
              </span>
              <Depth row={row} />
              <Relays relays={row.relays} environment={environment} />
              <span className="ml-auto text-sm text-muted max-wide:ml-0">
                <ShortNumber value={row.published} className="tabular-nums" /> published since the start
              </span>
            </li>
          ))}
        </ul>
      </TitledPanel>
    </div>
  )
}

function Depth({ row: { pending, more, oldestAt, unknownBecause } }: { row: OutboxRow }) {
  return (
    <span className="tabular-nums">
      {more ? 'more than ' : null}
      {pending === undefined ? <Unknown why={unknownBecause} /> : <ShortNumber value={pending} />}{' '}
      <span className="text-muted">waiting</span>
      {oldestAt === undefined ? null : (
        <>
          <span className="text-muted">, oldest </span>
          <RelativeTime at={oldestAt} />
        </>
      )}
      {pending === undefined ? <span className="text-sm text-muted">: {unknownBecause}</span> : null}
    </span>
  )
}

function Relays({ relays, environment }: { relays: readonly RelayRow[]; environment: string }) {
  if (relays.length === 0) return <span className="text-muted">no relay</span>
  return (
    <ul className="flex min-w-0 flex-wrap gap-x-4 gap-y-1">
      {relays.map(({ process, instance, standby, perSecond, failing }) => (
        <li key={process} className="flex min-w-0 flex-wrap items-baseline gap-x-1.5">
          <AppLink href={`/${environment}/services?process=${process}`} className="underline">
            {instance}
          </AppLink>
          {failing ? (
            <span className="min-w-0 text-sm break-words text-bad">
              fails since <RelativeTime at={failing.since} />: {failing.message}
            </span>
          ) : standby ? (
            <span className="text-sm text-muted">stands by</span>
          ) : (
            <span className="text-sm text-muted tabular-nums">
              relays <ShortNumber value={perSecond} unit="/s" />
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
