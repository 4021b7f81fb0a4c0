import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { Sparkline } from '@/components/status/sparkline'
import type { SchedulesData } from '@/lib/console/areas/schedules/views/schedules'
import { formatDuration } from '@/lib/core/time-format'
import { ScheduleBadge } from './schedule-state'

type Row = SchedulesData['rows'][number]

const none = <span className="text-faint">–</span>

const name: DataColumn<Row> = {
  id: 'name',
  header: 'Schedule',
  sortable: true,
  cell: row => (
    <span className="flex min-w-0 items-center gap-2">
      <MiddleTruncate text={row.name} className="font-medium" />
      <MiddleTruncate text={row.place} className="text-sm text-muted" />
    </span>
  ),
}
const state: DataColumn<Row> = {
  id: 'state',
  header: 'State',
  width: 124,
  cell: row => <ScheduleBadge state={row.state} />,
}
const when: DataColumn<Row> = {
  id: 'when',
  header: 'When',
  hideBelow: 'desk',
  cell: row => <When row={row} />,
}
const next: DataColumn<Row> = {
  id: 'next',
  header: 'Next run',
  hint: 'When it is due next; date and zone on hover',
  width: 108,
  sortable: true,
  hideBelow: 'wide',
  cell: row => (row.nextAt === undefined ? none : <RelativeTime at={row.nextAt} />),
}
const last: DataColumn<Row> = {
  id: 'last',
  header: 'Last run',
  width: 108,
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => (row.lastAt === undefined ? none : <RelativeTime at={row.lastAt} />),
}
const took: DataColumn<Row> = {
  id: 'took',
  header: 'Took',
  hint: 'How long the last runs took, the newest at the right',
  width: 168,
  hideBelow: 'desk',
  cell: row => <Took row={row} />,
}

export const scheduleRows: ListRows<Row> = {
  noun: ['schedule', 'schedules'],
  key: row => row.id,
  columns: { alone: [name, state, when, next, last, took], beside: [name, state] },
  secondary: row => (
    <span className="flex flex-wrap gap-x-3">
      <When row={row} />
      {row.nextAt === undefined ? null : (
        <span>
          <span className="text-muted">next </span>
          <RelativeTime at={row.nextAt} />
        </span>
      )}
      {row.lastAt === undefined ? null : (
        <span>
          <span className="text-muted">last </span>
          <RelativeTime at={row.lastAt} />
        </span>
      )}
    </span>
  ),
  opens: row => ({ schedule: row.id }),
  sort: 'next',
}

function When({ row: { words, cron, timeZone, everyMs } }: { row: Row }) {
  if (!words && !cron && !everyMs) return none
  return (
    <span className="min-w-0 truncate" title={[cron, timeZone].filter(Boolean).join(' ') || undefined}>
      {words ?? <code>{cron}</code>}
      {timeZone && timeZone !== 'UTC' ? <span className="text-muted">, {timeZone}</span> : null}
    </span>
  )
}

function Took({ row: { runs, name } }: { row: Row }) {
  const lengths = runs.map(({ startedAt, endedAt }) =>
    startedAt === undefined || endedAt === undefined ? null : endedAt - startedAt,
  )
  const latest = lengths.find(length => length !== null)
  if (latest === undefined || latest === null) return none
  const bad = runs.some(({ outcome, overran }) => overran || outcome === 'failed' || outcome === 'timed-out')
  return (
    <span className="flex items-center gap-2">
      <Sparkline
        values={lengths.length > 1 ? lengths.toReversed() : []}
        label={`How long the last runs of ${name} took`}
        tone={bad ? 'warning' : 'accent'}
        className="h-5 w-16"
      />
      <span className="tabular-nums">{formatDuration(latest)}</span>
    </span>
  )
}
