import { useOperation } from '@/app/(console)/_frame/catalogue'
import { BreakerStateBadge } from '@/app/(console)/_parts/breakers/breaker-state'
import { ListPart } from '@/app/(console)/_parts/list/list-panel'
import { TitledPanel } from '@/app/(console)/_parts/list/titled-panel'
import { useShownList } from '@/app/(console)/_parts/list/use-list'
import type { DataColumn } from '@/components/data-table/data-column'
import { DataTable } from '@/components/data-table/data-table'
import { OperationButton } from '@/components/operation/operation-button'
import { Countdown } from '@/components/status/countdown'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import type { OverrideRow } from '@/lib/console/areas/running/views/running'
import type { Part } from '@/lib/console/platform/part/part'
import { formatExact } from '@/lib/core/number-format'
import { NothingHere } from './run-list'

interface OverridesProps {
  part: Part<OverrideRow[]>
  environment: string
}

/** What operators hold, in force now and in processes that start later. */
export function Overrides({ part, environment }: OverridesProps) {
  const { beside } = useShownList()
  return (
    <TitledPanel
      title="Held by an operator"
      note={part.status === 'up' && part.data.length > 0 ? formatExact(part.data.length) : null}
    >
      <ListPart part={part} what="The list of overrides">
        {overrides => (
          <DataTable
            label="Overrides in force"
            rows={overrides}
            rowKey={row => row.id}
            columns={beside ? [target, held, until, release] : [target, held, scope, reason, by, until, release]}
            rowHref={row => hrefOf(environment, row)}
            secondary={row => (
              <div className="grid gap-0.5 pb-1">
                <span className="flex flex-wrap items-center gap-x-2">
                  <HeldState row={row} />
                  <span>
                    <Until row={row} />
                  </span>
                </span>
                <span>{scopeWords(row)}</span>
                <span className="break-words">
                  {row.by}: {row.reason}
                </span>
              </div>
            )}
            empty={
              <NothingHere>
                No breaker, limit, provider, cache or worker is held by an operator. Queues and schedules that are
                paused are on their pages.
              </NothingHere>
            }
          />
        )}
      </ListPart>
    </TitledPanel>
  )
}

function hrefOf(environment: string, { kind, name }: OverrideRow): string {
  const place = {
    breaker: 'breakers?breaker',
    policy: 'breakers/limits?policy',
    'provider set': 'providers?set',
    cache: 'caches?cache',
    queue: 'queues?q',
  }
  return `/${environment}/${place[kind]}=${encodeURIComponent(name)}`
}

function HeldState({ row: { forced, held } }: { row: OverrideRow }) {
  if (forced) return <BreakerStateBadge state={forced === 'open' ? 'open' : 'closed'} forced={forced} />
  return (
    <span title={held} className="block truncate">
      {held}
    </span>
  )
}

const target: DataColumn<OverrideRow> = {
  id: 'target',
  header: 'Target',
  cell: row => (
    <span className="flex min-w-0 items-baseline gap-1.5">
      <MiddleTruncate text={row.name} className="font-medium" />
      {row.kind === 'breaker' ? null : <span className="shrink-0 text-sm text-muted">{row.kind}</span>}
    </span>
  ),
}
const held: DataColumn<OverrideRow> = {
  id: 'held',
  header: 'Held',
  width: 190,
  hideBelow: 'wide',
  cell: row => <HeldState row={row} />,
}
const scope: DataColumn<OverrideRow> = {
  id: 'scope',
  header: 'In',
  width: 180,
  hideBelow: 'wide',
  cell: row => <MiddleTruncate text={scopeWords(row)} />,
}
const reason: DataColumn<OverrideRow> = {
  id: 'reason',
  header: 'Reason',
  hideBelow: 'desk',
  cell: row => (
    <span title={row.reason} className="block truncate">
      {row.reason}
    </span>
  ),
}
const by: DataColumn<OverrideRow> = {
  id: 'by',
  header: 'By',
  width: 190,
  hideBelow: 'wide',
  cell: row => (
    <span className="flex min-w-0 items-baseline gap-1.5">
      <MiddleTruncate text={row.by} />
      <RelativeTime at={row.since} className="shrink-0 text-sm text-muted" />
    </span>
  ),
}
const until: DataColumn<OverrideRow> = {
  id: 'until',
  header: 'Ends',
  width: 130,
  hideBelow: 'wide',
  cell: row => <Until row={row} />,
}
const release: DataColumn<OverrideRow> = {
  id: 'release',
  header: 'End',
  width: 104,
  align: 'end',
  cell: row => (
    <span className="relative z-1 inline-flex">
      <EndButton row={row} />
    </span>
  ),
}

function EndButton({ row }: { row: OverrideRow }) {
  return (
    <OperationButton
      operation={useOperation(row.endedBy)}
      input={{ [row.field]: row.name, scope: row.scopeInput }}
      label={
        <span>
          {row.end}
          <span className="sr-only"> {row.name}</span>
        </span>
      }
      subject={row.name}
      size="sm"
    />
  )
}

function Until({ row }: { row: OverrideRow }) {
  if (row.until === undefined) return <span className="text-muted">when released</span>
  return (
    <>
      <span className="text-muted">in</span> <Countdown until={row.until} done="a moment" />
    </>
  )
}

function scopeWords({ scope, except }: OverrideRow): string {
  return except.length === 0 ? scope : `${scope}, but not ${except.join(', ')}`
}
