import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import { ReasonForm } from '@/components/operation/reason-form'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { EmptyState } from '@/components/ui/empty-state'
import type { SuppressionsData } from '@/lib/console/areas/messages/views/suppressions'
import { channelLabel } from '../../_components/message-words'

type Row = Extract<NonNullable<SuppressionsData['list']>, { status: 'up' }>['data']['rows'][number]

const WHY: Record<Row['reason'], string> = {
  bounce: 'bounced',
  complaint: 'complained',
  unsubscribe: 'unsubscribed',
  manual: 'by hand',
}

interface SuppressionListProps {
  rows: readonly Row[]
  /** Addresses are not masked: only then can one be named. */
  whole: boolean
  database: string
  filtered: boolean
}

export function SuppressionList({ rows, whole, database, filtered }: SuppressionListProps) {
  const unsuppress = useOperation('message.unsuppress')
  if (rows.length === 0)
    return (
      <EmptyState title={filtered ? 'No address matches' : 'No address is suppressed'}>
        {filtered
          ? 'An address is looked for as a whole, in any spelling.'
          : 'Addresses that bounce, complain or unsubscribe come here on their own.'}
      </EmptyState>
    )
  return (
    <ul className="divide-y divide-line" aria-label="Suppressed addresses">
      {rows.map(({ channel, address, reason, since, by, note }) => (
        <li key={`${channel} ${address}`} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3.5 py-2 text-md">
          <span className="min-w-0 flex-1 basis-48">
            <MiddleTruncate text={address} className="font-medium" />
          </span>
          <span className="w-20 text-muted">{channelLabel(channel)}</span>
          <span className="w-28">{WHY[reason]}</span>
          <span className="min-w-0 flex-1 basis-40 truncate text-sm text-muted" title={note}>
            {[by, note].filter(Boolean).join(': ')}
          </span>
          <RelativeTime at={since} className="w-24 text-right text-sm text-muted" />
          <OperationButton
            operation={unsuppress}
            input={{ database, channel, address: whole ? address : '', reason: '' }}
            label="Take off…"
            subject={channelLabel(channel)}
            size="sm"
          >
            {form => <ReasonForm form={form} />}
          </OperationButton>
        </li>
      ))}
    </ul>
  )
}
