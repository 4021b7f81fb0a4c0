import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import { queueTitle } from '@/app/(console)/_parts/queues/queue-title'
import type { DataColumn } from '@/components/data-table/data-column'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { Sparkline } from '@/components/status/sparkline'
import { StatusMark } from '@/components/status/status-mark'
import type { GroupRow } from '@/lib/console/areas/dead-letters/views/dead-letters'
import { formatExact } from '@/lib/core/number-format'

const error: DataColumn<GroupRow> = {
  id: 'name',
  header: 'Error',
  sortable: true,
  cell: row => (
    <span className="flex min-w-0 items-center gap-2">
      <GroupMark row={row} />
      <span className="min-w-0 truncate" title={errorTitle(row)}>
        {row.class ? <span className="font-medium">{row.class} </span> : null}
        <span className={row.class ? 'text-muted' : 'font-medium'}>{row.pattern || 'no message'}</span>
      </span>
    </span>
  ),
}
const queue: DataColumn<GroupRow> = {
  id: 'queue',
  header: 'Queue',
  width: 180,
  hideBelow: 'wide',
  cell: row => <Places row={row} />,
}
const count: DataColumn<GroupRow> = {
  id: 'count',
  header: 'Dead letters',
  hint: 'With ≈: estimated from a sample of the queue',
  width: 112,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <GroupCount row={row} />,
}
const trend: DataColumn<GroupRow> = {
  id: 'trend',
  header: 'Last 24 h',
  width: 112,
  hideBelow: 'broad',
  cell: row => <Sparkline values={row.trend} label={trendWords(row)} tone="bad" className="h-5 w-full" />,
}
const first: DataColumn<GroupRow> = {
  id: 'first',
  header: 'First seen',
  hint: 'The oldest of those that are still kept',
  width: 104,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <RelativeTime at={row.first} className={row.isNew ? 'text-warning' : ''} />,
}
const last: DataColumn<GroupRow> = {
  id: 'last',
  header: 'Last seen',
  width: 104,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <RelativeTime at={row.last} className={row.isCurrent ? 'text-bad' : ''} />,
}
const release: DataColumn<GroupRow> = {
  id: 'release',
  header: 'Release',
  hint: 'The version that ran when it was first seen',
  width: 120,
  hideBelow: 'broad',
  cell: row =>
    row.release ? (
      <span className="block truncate" title={`${row.release.service} ${row.release.version}`}>
        {row.release.version}
      </span>
    ) : (
      <Unknown why="Not known: no service registered a worker of its queues, or none ran then" />
    ),
}

export const groupRows: ListRows<GroupRow> = {
  noun: ['kind of dead letter', 'kinds of dead letters'],
  key: row => row.fingerprint,
  columns: {
    alone: [error, queue, count, trend, first, last, release],
    beside: [error, count, last],
  },
  secondary: row => (
    <div className="grid gap-1 pb-1 tabular-nums">
      <span className="flex flex-wrap gap-x-3">
        <span>
          <GroupCount row={row} /> {row.count === 1 ? 'dead letter' : 'dead letters'}
        </span>
        <span>
          last <RelativeTime at={row.last} />
        </span>
      </span>
      <Places row={row} />
    </div>
  ),
  opens: row => ({ group: row.fingerprint }),
  sort: 'last',
}

/** How current it is, as a shape with words. */
function GroupMark({ row }: { row: GroupRow }) {
  if (row.isCurrent) return <StatusMark status="bad" label="Failing now" />
  if (row.isNew) return <StatusMark status="warning" label="New" />
  return <StatusMark status="unknown" label="Older" />
}

/** Exact, or marked as an estimate. */
export function GroupCount({ row }: { row: Pick<GroupRow, 'count' | 'exact' | 'examined'> }) {
  if (row.exact) return <ShortNumber value={row.count} />
  return (
    <span title={`About ${formatExact(row.count)}, estimated from ${formatExact(row.examined)} examined`}>
      ≈ <ShortNumber value={row.count} />
    </span>
  )
}

function Places({ row: { places } }: { row: GroupRow }) {
  const [most, ...others] = places
  return (
    <span className="flex min-w-0 items-baseline gap-1.5">
      <MiddleTruncate text={queueTitle(most?.queue ?? '')} />
      {others.length > 0 ? (
        <span className="shrink-0 text-sm text-muted" title={others.map(({ queue }) => queueTitle(queue)).join(', ')}>
          +{others.length}
        </span>
      ) : null}
    </span>
  )
}

export const errorTitle = (row: Pick<GroupRow, 'class' | 'pattern'>) =>
  [row.class, row.pattern || 'no message'].filter(Boolean).join(': ')

export function trendWords({ trend }: Pick<GroupRow, 'trend'>): string {
  const total = trend.reduce((sum, part) => sum + part, 0)
  return `Dead letters of the last 24 hours by half hour: ${formatExact(total)}, at most ${formatExact(Math.max(...trend))}`
}
