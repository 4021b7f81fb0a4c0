import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import { cn } from '@/components/ui/cn'
import type { SubscriptionRow } from '@/lib/console/areas/events/subscriptions'
import { SubscriptionBadge } from './states'

const name: DataColumn<SubscriptionRow> = {
  id: 'name',
  header: 'Subscription',
  sortable: true,
  cell: row => (
    <span className="flex min-w-0 items-center gap-2">
      <MiddleTruncate text={row.name} className="font-medium" />
      <MiddleTruncate text={row.services.join(', ')} className="text-sm text-muted" />
    </span>
  ),
}
const state: DataColumn<SubscriptionRow> = {
  id: 'state',
  header: 'State',
  width: 132,
  cell: row => <SubscriptionBadge state={row.state} />,
}
const to: DataColumn<SubscriptionRow> = {
  id: 'to',
  header: 'Events',
  hint: 'Types and patterns of the events that it is given',
  hideBelow: 'desk',
  cell: row => <code className="truncate text-sm">{row.to.join(', ')}</code>,
}
const waiting: DataColumn<SubscriptionRow> = {
  id: 'waiting',
  header: 'Waiting',
  hint: 'Events that wait in its queues',
  width: 92,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <Figure row={row} value={row.waiting} />,
}
const oldest: DataColumn<SubscriptionRow> = {
  id: 'oldest',
  header: 'Oldest',
  hint: 'Since when the oldest of them waits',
  width: 108,
  align: 'end',
  hideBelow: 'desk',
  cell: row => (row.waitingSince === undefined ? <None /> : <RelativeTime at={row.waitingSince} />),
}
const dead: DataColumn<SubscriptionRow> = {
  id: 'dead',
  header: 'Dead letters',
  width: 116,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <Figure row={row} value={row.deadLetters} />,
}
const rate: DataColumn<SubscriptionRow> = {
  id: 'rate',
  header: 'Throughput',
  hint: 'Events finished per second, as its queues show',
  width: 112,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'desk',
  cell: row => <Figure row={row} value={row.perSecond} unit="/s" />,
}

export const subscriptionRows: ListRows<SubscriptionRow> = {
  noun: ['subscription', 'subscriptions'],
  key: row => row.name,
  columns: { alone: [name, state, to, waiting, oldest, dead, rate], beside: [name, state] },
  secondary: row => (
    <span className="flex flex-wrap gap-x-3">
      <code className="break-all">{row.to.join(', ')}</code>
      <span>
        <ShortNumber value={row.waiting} /> <span className="text-muted">waiting</span>
      </span>
      <span>
        <ShortNumber value={row.deadLetters} /> <span className="text-muted">dead letters</span>
      </span>
    </span>
  ),
  opens: row => ({ subscription: row.name }),
  sort: 'name',
}

const None = () => <span className="text-faint">–</span>

/** Pale where it is old. */
function Figure({
  row: { staleBecause },
  value,
  unit,
}: {
  row: SubscriptionRow
  value: number | undefined
  unit?: string
}) {
  return <ShortNumber value={value} unit={unit} className={cn('tabular-nums', staleBecause && 'text-faint')} />
}
