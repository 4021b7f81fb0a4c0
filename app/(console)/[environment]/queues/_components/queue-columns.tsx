import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import { RowSparkline } from '@/app/(console)/_parts/series/row-sparkline'
import { seriesOf } from '@/app/(console)/_parts/series/sparklines'
import type { DataColumn } from '@/components/data-table/data-column'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { cn } from '@/components/ui/cn'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import type { SeriesKey } from '@/lib/console/platform/samples'
import { RowStar } from './favourite-star'
import { QueueBadge } from './queue-state'

/** What the sampler keeps of it. */
export const queueSeries = (family: string, row: Pick<QueueRow, 'server' | 'key'>): SeriesKey => ({
  service: `redis:${row.server}`,
  series: seriesOf(family, { queue: row.key }),
})
const waitingKey = (row: Pick<QueueRow, 'server' | 'key'>) => queueSeries('queue_waiting', row)

const name: DataColumn<QueueRow> = {
  id: 'name',
  header: 'Queue',
  sortable: true,
  cell: row => (
    <span className="flex min-w-0 items-baseline gap-2">
      {nameOf(row)}
      <span className="truncate text-sm text-muted max-wide:hidden">on {row.server}</span>
    </span>
  ),
}
const state: DataColumn<QueueRow> = {
  id: 'trouble',
  header: 'State',
  width: 148,
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <QueueBadge queue={row} />,
}
const trend: DataColumn<QueueRow> = {
  id: 'trend',
  header: 'Waiting lately',
  hint: 'Jobs waiting in the last 15 minutes',
  width: 104,
  hideBelow: 'broad',
  cell: row => <RowSparkline of={waitingKey(row)} label="Jobs waiting" />,
}
const waiting: DataColumn<QueueRow> = {
  id: 'waiting',
  header: 'Waiting',
  hint: 'Waiting and prioritized',
  width: 76,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <Count value={row.waiting} />,
}
const active: DataColumn<QueueRow> = {
  id: 'active',
  header: 'Active',
  width: 68,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <Count value={row.counts.active} />,
}
const delayed: DataColumn<QueueRow> = {
  id: 'delayed',
  header: 'Delayed',
  width: 80,
  align: 'end',
  hideBelow: 'broad',
  cell: row => <Count value={row.counts.delayed} />,
}
const failed: DataColumn<QueueRow> = {
  id: 'failed',
  header: 'Dead letters',
  hint: 'Jobs that failed for good; with a plus, those of the last ten minutes',
  width: 116,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <DeadLetters row={row} />,
}
const rate: DataColumn<QueueRow> = {
  id: 'rate',
  header: 'Throughput',
  hint: 'Jobs finished per second, completed or failed, between the last two readings',
  width: 112,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row =>
    row.rate.known ? (
      <ShortNumber value={row.rate.value.completed + row.rate.value.failed} unit="/s" />
    ) : (
      <Unknown why={row.rate.reason} />
    ),
}
const failing: DataColumn<QueueRow> = {
  id: 'failing',
  header: 'Failed',
  hint: 'Share of the jobs finished between the last two readings that failed for good',
  width: 76,
  align: 'end',
  hideBelow: 'broad',
  cell: row => (
    <ShortNumber as="percent" value={row.failureRate} className={row.failureRate ? 'text-warning' : 'text-faint'} />
  ),
}
const oldest: DataColumn<QueueRow> = {
  id: 'oldest',
  header: 'Oldest waiting',
  width: 122,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row =>
    row.waitingSince === undefined ? (
      <span className="text-faint">{row.waiting === 0 ? '–' : 'unknown'}</span>
    ) : (
      <RelativeTime
        at={row.waitingSince}
        as="age"
        className={row.troubles.includes('backing-up') ? 'text-warning' : ''}
      />
    ),
}
const workers: DataColumn<QueueRow> = {
  id: 'workers',
  header: 'Workers',
  width: 76,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <Workers row={row} />,
}
const star: DataColumn<QueueRow> = {
  id: 'favourite',
  header: '★',
  hint: 'Favourites are listed first. They are kept in this browser.',
  width: 52,
  align: 'end',
  cell: row => <RowStar row={row} />,
}

export const queueRows: ListRows<QueueRow> = {
  noun: ['queue', 'queues'],
  key: row => `${row.server} ${row.key}`,
  columns: {
    alone: [name, state, trend, waiting, active, delayed, failed, rate, failing, oldest, workers, star],
    beside: [name, { ...state, width: 140 }, failed, oldest],
  },
  secondary: row => <Secondary row={row} place={`on ${row.server}`} />,
  opens: row => ({ queue: row.key, server: row.server }),
  sort: 'trouble',
  sparklines: row => [waitingKey(row)],
}

/** Where all of them are on one server, that is said once. */
export function queueRowsOn(server: string): ListRows<QueueRow> {
  const bare = { ...name, header: `Queue (on ${server})`, cell: nameOf }
  const { alone, beside } = queueRows.columns
  return {
    ...queueRows,
    columns: { alone: [bare, ...alone.slice(1)], beside: [bare, ...beside.slice(1)] },
    secondary: row => <Secondary row={row} />,
  }
}

function Secondary({ row, place }: { row: QueueRow; place?: string }) {
  return (
    <div className="grid gap-1 pb-1 tabular-nums">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <QueueBadge queue={row} />
        <span>
          <ShortNumber value={row.waiting} /> waiting
        </span>
        <span>
          <ShortNumber value={row.counts.active} /> active
        </span>
      </span>
      <span className="flex flex-wrap gap-x-3">
        <span>
          <DeadLetters row={row} /> dead
        </span>
        <span>
          <Workers row={row} /> {row.workers.known && row.workers.value === 1 ? 'worker' : 'workers'}
        </span>
        {place ? <span>{place}</span> : null}
      </span>
    </div>
  )
}

function nameOf({ title, troubles }: QueueRow) {
  return <MiddleTruncate text={title} className={troubles.length > 0 ? 'font-medium' : ''} />
}

function Count({ value }: { value: number | undefined }) {
  return <ShortNumber value={value} className={value === 0 ? 'text-faint' : ''} />
}

function DeadLetters({ row }: { row: QueueRow }) {
  const { failedLately = 0 } = row
  return (
    <span className="whitespace-nowrap">
      <ShortNumber value={row.counts.failed} className={cn(row.counts.failed === 0 && 'text-faint')} />
      {failedLately > 0 ? (
        <span className="text-sm text-warning" title="In the last ten minutes">
          {' '}
          +<ShortNumber value={failedLately} />
        </span>
      ) : null}
    </span>
  )
}

function Workers({ row }: { row: QueueRow }) {
  if (!row.workers.known) return <Unknown why={row.workers.reason} />
  return row.workers.value === 0 ? (
    <span className={row.troubles.includes('no-workers') ? 'font-medium text-bad' : 'text-muted'}>none</span>
  ) : (
    <ShortNumber value={row.workers.value} />
  )
}
