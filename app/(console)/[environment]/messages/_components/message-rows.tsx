import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import type { ShownMessage } from '@/lib/console/areas/messages/shown'
import { channelLabel, MessageState } from './message-words'

const none = <span className="text-faint">–</span>

const recipient: DataColumn<ShownMessage> = {
  id: 'recipient',
  header: 'Recipient',
  cell: row => <Recipient row={row} />,
}
const title: DataColumn<ShownMessage> = {
  id: 'title',
  header: 'Title',
  hideBelow: 'wide',
  cell: row =>
    row.title ? (
      <span className="block truncate" title={row.title}>
        {row.title}
      </span>
    ) : (
      none
    ),
}
const status: DataColumn<ShownMessage> = {
  id: 'status',
  header: 'Status',
  width: 124,
  cell: row => <MessageState status={row.status} />,
}
const channel: DataColumn<ShownMessage> = {
  id: 'channel',
  header: 'Channel',
  width: 92,
  hideBelow: 'wide',
  cell: row => channelLabel(row.channel),
}
const template: DataColumn<ShownMessage> = {
  id: 'template',
  header: 'Template',
  width: 148,
  hideBelow: 'desk',
  cell: row => (row.template ? <MiddleTruncate text={row.template} className="text-muted" /> : none),
}
const provider: DataColumn<ShownMessage> = {
  id: 'provider',
  header: 'Provider',
  width: 132,
  hideBelow: 'desk',
  cell: row => (row.provider ? <MiddleTruncate text={row.provider} className="text-muted" /> : none),
}
const at: DataColumn<ShownMessage> = {
  id: 'at',
  header: 'Recorded',
  width: 108,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <RelativeTime at={row.createdAt} className="text-muted" />,
}

export const messageRows: ListRows<ShownMessage> = {
  noun: ['message', 'messages'],
  key: row => row.id,
  columns: { alone: [recipient, title, status, channel, template, provider, at], beside: [recipient, status] },
  secondary: row => (
    <span className="flex flex-wrap gap-x-3 pb-1 text-muted">
      <span>{channelLabel(row.channel)}</span>
      {row.title ? <span className="min-w-0 truncate">{row.title}</span> : null}
      <RelativeTime at={row.createdAt} />
    </span>
  ),
  opens: row => ({ message: row.id }),
}

export function Recipient({ row: { recipients, more } }: { row: ShownMessage }) {
  const others = recipients.length - 1 + more
  return (
    <span className="flex min-w-0 items-baseline gap-1.5">
      <MiddleTruncate text={recipients[0] ?? '–'} className="font-medium" />
      {others > 0 ? <span className="shrink-0 text-sm text-muted">and {others} more</span> : null}
    </span>
  )
}
