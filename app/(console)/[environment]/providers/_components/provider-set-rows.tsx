import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import type { ListedSet } from '@/lib/console/areas/providers/views/providers'
import { formatPercent } from '@/lib/core/number-format'
import { SetState } from './set-state'

const none = <span className="text-faint">–</span>

const name: DataColumn<ListedSet> = {
  id: 'name',
  header: 'Set',
  cell: row => (
    <span className="flex min-w-0 items-center gap-2">
      <MiddleTruncate text={row.name} className="font-medium" />
      <MiddleTruncate text={row.services.join(', ')} className="text-sm text-muted" />
    </span>
  ),
}
const state: DataColumn<ListedSet> = {
  id: 'state',
  header: 'State',
  width: 156,
  cell: row => <SetState state={row.state} />,
}
const inUse: DataColumn<ListedSet> = {
  id: 'in-use',
  header: 'In use',
  width: 200,
  hideBelow: 'wide',
  cell: row => <InUse row={row} />,
}
const why: DataColumn<ListedSet> = {
  id: 'why',
  header: 'Why',
  hideBelow: 'desk',
  cell: row => {
    const words = row.inUse[0]?.why
    return words ? (
      <span title={words} className="block truncate">
        {words}
      </span>
    ) : (
      <span className="text-faint">{row.inUse.length > 0 ? 'first in order' : '–'}</span>
    )
  },
}
const since: DataColumn<ListedSet> = {
  id: 'since',
  header: 'Since',
  width: 112,
  hideBelow: 'broad',
  cell: ({ inUse: [serving] }) => (serving ? <RelativeTime at={serving.since} className="text-muted" /> : none),
}
const failed: DataColumn<ListedSet> = {
  id: 'failed',
  header: 'Failed',
  hint: 'Share of the calls of the last minute that failed, over all its providers and processes',
  width: 84,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <Failed row={row} />,
}
const latency: DataColumn<ListedSet> = {
  id: 'latency',
  header: 'p95',
  hint: 'Of the provider in use, in the last minute, in its slowest process',
  width: 84,
  align: 'end',
  hideBelow: 'desk',
  cell: row => {
    const serving = row.providers.find(provider => provider.name === row.inUse[0]?.provider)
    const p95 = serving?.lastMinute?.latencyMs?.p95
    return p95 === undefined ? none : <Duration ms={p95} />
  },
}
const failedOver: DataColumn<ListedSet> = {
  id: 'failed-over',
  header: 'Failed over',
  hint: 'Calls that another provider than the first has served, since the processes started',
  width: 104,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <ShortNumber value={row.failedOver} className={row.failedOver === 0 ? 'text-faint' : ''} />,
}

export const setRows: ListRows<ListedSet> = {
  noun: ['set of providers', 'sets of providers'],
  key: row => row.name,
  columns: { alone: [name, state, inUse, why, since, failed, latency, failedOver], beside: [name, state] },
  secondary: row => (
    <span className="flex flex-wrap gap-x-3 pb-1">
      <InUse row={row} />
      <span>
        <Failed row={row} /> <span className="text-muted">failed in a minute</span>
      </span>
    </span>
  ),
  opens: row => ({ set: row.name }),
}

/** `mailgun in 2, sendgrid in 1`: several while they fail over one after another. */
export function InUse({ row: { inUse } }: { row: Pick<ListedSet, 'inUse'> }) {
  if (inUse.length === 0) return <span className="text-muted">no call yet</span>
  return (
    <span className="flex min-w-0 flex-wrap gap-x-3">
      {inUse.map(({ provider, processes }) => (
        <span key={provider} className="inline-flex max-w-full items-center gap-1.5">
          <MiddleTruncate text={provider} />
          {inUse.length > 1 ? <span className="shrink-0 text-muted">in {processes}</span> : null}
        </span>
      ))}
    </span>
  )
}

function Failed({ row: { providers } }: { row: ListedSet }) {
  const measured = providers.flatMap(({ lastMinute }) => lastMinute ?? [])
  const calls = measured.reduce((sum, one) => sum + one.calls, 0)
  if (calls === 0) return none
  const failures = measured.reduce((sum, one) => sum + one.failures, 0)
  return (
    <span className={failures > 0 ? 'tabular-nums' : 'text-faint tabular-nums'}>{formatPercent(failures / calls)}</span>
  )
}
