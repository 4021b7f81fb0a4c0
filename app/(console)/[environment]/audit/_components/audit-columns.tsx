import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import { AuditMark } from '@/app/(console)/_parts/runs/audit-mark'
import type { DataColumn } from '@/components/data-table/data-column'
import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import type { AuditRow } from '@/lib/console/areas/audit/views/audit'
import { formatExact } from '@/lib/core/number-format'

const when: DataColumn<AuditRow> = {
  id: 'when',
  header: 'When',
  width: 156,
  hideBelow: 'wide',
  cell: row => (
    <span className="whitespace-nowrap">
      <RelativeTime at={row.at} as="clock" /> <RelativeTime at={row.at} className="text-sm text-muted" />
    </span>
  ),
}
const who: DataColumn<AuditRow> = {
  id: 'who',
  header: 'Who',
  width: 140,
  hideBelow: 'wide',
  cell: row => (
    <span className="flex min-w-0 items-baseline gap-1.5">
      <MiddleTruncate text={row.actor.name} />
      <span className="shrink-0 text-sm text-muted">{row.actor.role}</span>
    </span>
  ),
}
/** First, because it carries the row's link: what a screen reader says for the row. */
const what: DataColumn<AuditRow> = {
  id: 'what',
  header: 'What',
  cell: row => <MiddleTruncate text={row.title} className="font-medium" />,
}
const targetOf = (name: string, about: string | undefined) => (about === undefined ? name : `${name}: ${about}`)

const target: DataColumn<AuditRow> = {
  id: 'target',
  header: 'Target',
  width: 190,
  hideBelow: 'wide',
  cell: row =>
    row.target ? (
      <MiddleTruncate text={targetOf(row.target.name, row.about)} />
    ) : (
      <span className="text-faint">
        <span aria-hidden>–</span>
        <span className="sr-only">none</span>
      </span>
    ),
}
const outcome: DataColumn<AuditRow> = {
  id: 'outcome',
  header: 'Outcome',
  width: 176,
  hideBelow: 'wide',
  cell: row => <Outcome row={row} />,
}
const took: DataColumn<AuditRow> = {
  id: 'took',
  header: 'Took',
  width: 76,
  align: 'end',
  hideBelow: 'desk',
  cell: row => (row.durationMs === undefined ? null : <Duration ms={row.durationMs} />),
}
const message: DataColumn<AuditRow> = {
  id: 'message',
  header: 'Message',
  width: 240,
  hideBelow: 'desk',
  cell: row => (
    <span title={[row.message, row.reason].filter(Boolean).join('\n')} className="block truncate text-muted">
      {row.reason ? `“${row.reason}” ` : null}
      {row.message}
    </span>
  ),
}

function Outcome({ row: { kind, outcome, refusals } }: { row: AuditRow }) {
  const times = refusals?.count ?? 1
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5">
      <AuditMark kind={kind} outcome={outcome} />
      {times > 1 ? <span className="text-sm text-muted tabular-nums">{formatExact(times)} times</span> : null}
    </span>
  )
}

export const auditRows: ListRows<AuditRow> = {
  noun: ['act', 'acts'],
  key: row => String(row.id),
  columns: {
    alone: [what, target, outcome, who, when, took, message],
    beside: [what, target, outcome, when],
  },
  secondary: row => <Secondary row={row} />,
  opens: row => ({ run: row.run }),
}

/** Below what was done, on a phone. */
function Secondary({ row }: { row: AuditRow }) {
  return (
    <div className="grid gap-1 pb-1">
      {row.target ? <MiddleTruncate text={targetOf(row.target.name, row.about)} /> : null}
      <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <Outcome row={row} />
        <span>
          {row.actor.name}, <RelativeTime at={row.at} as="clock" />, <RelativeTime at={row.at} />
        </span>
      </span>
      {row.reason || row.message ? (
        <span className="line-clamp-2 break-words">
          {row.reason ? `“${row.reason}” ` : null}
          {row.message}
        </span>
      ) : null}
    </div>
  )
}
