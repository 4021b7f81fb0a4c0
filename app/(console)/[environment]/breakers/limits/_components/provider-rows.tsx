import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import { Badge } from '@/components/ui/badge'
import type { ProvidersGroup } from '@/lib/console/areas/breakers/views/limits'

const name: DataColumn<ProvidersGroup> = {
  id: 'name',
  header: 'Set',
  cell: row => (
    <span className="flex min-w-0 items-center gap-2">
      <MiddleTruncate text={row.name} className="font-medium" />
      {row.forced ? <Badge>forced</Badge> : null}
    </span>
  ),
}
const inUse: DataColumn<ProvidersGroup> = {
  id: 'in-use',
  header: 'In use',
  width: 232,
  hideBelow: 'wide',
  cell: row => <InUse row={row} />,
}
const why: DataColumn<ProvidersGroup> = {
  id: 'why',
  header: 'Why',
  hideBelow: 'desk',
  cell: row => {
    const { why } = servingOf(row) ?? {}
    return why ? (
      <span title={why} className="block truncate">
        {why}
      </span>
    ) : (
      <span className="text-faint">{row.inUse.length > 0 ? 'first in order' : '–'}</span>
    )
  },
}
const since: DataColumn<ProvidersGroup> = {
  id: 'since',
  header: 'Since',
  width: 120,
  hideBelow: 'wide',
  cell: row => {
    const serving = servingOf(row)
    return serving ? <RelativeTime at={serving.since} className="text-muted" /> : null
  },
}
const failedOver: DataColumn<ProvidersGroup> = {
  id: 'failed-over',
  header: 'Failed over',
  hint: 'Calls that another provider than the first has served, since the processes started',
  width: 104,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <ShortNumber value={row.failedOver} className={row.failedOver === 0 ? 'text-faint' : ''} />,
}

/** What is worth a reason: one that took over in some process, before the first in order. */
export const servingOf = ({ inUse }: ProvidersGroup) => inUse.find(({ why }) => why) ?? inUse[0]

export const providerRows: ListRows<ProvidersGroup> = {
  noun: ['set of providers', 'sets of providers'],
  key: row => row.name,
  columns: { alone: [name, inUse, why, since, failedOver], beside: [name, inUse] },
  secondary: row => (
    <div className="pb-1">
      <InUse row={row} />
    </div>
  ),
  opens: row => ({ providers: row.name }),
}

/** `mailgun in 2, sendgrid in 1`: several while they fail over one after another. */
export function InUse({ row: { inUse, forced } }: { row: ProvidersGroup }) {
  if (inUse.length === 0) return <span className="text-muted">no call yet</span>
  return (
    <span className="flex min-w-0 flex-wrap gap-x-3">
      {inUse.map(({ provider, processes, why }) => (
        <span key={provider} className="inline-flex max-w-full items-center gap-1.5">
          <StatusMark status={why && !forced ? 'warning' : 'good'} className="size-2.5 shrink-0" />
          <MiddleTruncate text={provider} />
          {inUse.length > 1 ? <span className="shrink-0 text-muted">in {processes}</span> : null}
        </span>
      ))}
    </span>
  )
}
