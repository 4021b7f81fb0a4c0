import { BreakerStateBadge } from '@/app/(console)/_parts/breakers/breaker-state'
import { FailureMeter, measuredIn } from '@/app/(console)/_parts/breakers/failure-meter'
import { NextChange, upcomingIn } from '@/app/(console)/_parts/breakers/next-change'
import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { FlashOnChange } from '@/components/status/flash-on-change'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { ShortNumber } from '@/components/status/short-number'
import type { BreakerInstance } from '@/lib/console/areas/breakers/collect'

const name: DataColumn<BreakerInstance> = {
  id: 'name',
  header: 'Dependency',
  sortable: true,
  cell: row => <MiddleTruncate text={row.breaker} className={row.effective === 'closed' ? '' : 'font-medium'} />,
}
const process: DataColumn<BreakerInstance> = {
  id: 'process',
  header: 'Process',
  width: 180,
  hideBelow: 'wide',
  cell: row => <MiddleTruncate text={row.instance} />,
}
const state: DataColumn<BreakerInstance> = {
  id: 'state',
  header: 'State',
  width: 140,
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <State row={row} />,
}
const failures: DataColumn<BreakerInstance> = {
  id: 'failures',
  header: 'Failures against threshold',
  width: 296,
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <FailureMeter measured={measuredIn(row)} />,
}
const rejected: DataColumn<BreakerInstance> = {
  id: 'rejected',
  header: 'Rejected',
  hint: 'Calls turned away while open, since the process started',
  width: 92,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'desk',
  cell: row => <ShortNumber value={row.totals.rejected} className={row.totals.rejected === 0 ? 'text-faint' : ''} />,
}
const next: DataColumn<BreakerInstance> = {
  id: 'next',
  header: 'Next probe or release',
  width: 196,
  hideBelow: 'desk',
  cell: row => <NextChange {...upcomingIn(row)} />,
}

export const breakersByInstance: ListRows<BreakerInstance> = {
  noun: ['breaker', 'breakers'],
  key: row => `${row.process} ${row.breaker}`,
  columns: {
    alone: [name, process, state, failures, rejected, next],
    beside: [name, { ...process, width: 160 }, state],
  },
  secondary: row => <Secondary row={row} />,
  opens: row => ({ breaker: row.breaker, process: row.process }),
  sort: 'state',
}

/** Below the name on a phone. */
function Secondary({ row }: { row: BreakerInstance }) {
  return (
    <div className="grid gap-1 pb-1">
      <span className="flex min-w-0 items-center gap-2">
        <State row={row} />
        <MiddleTruncate text={row.instance} />
      </span>
      <FailureMeter measured={measuredIn(row)} className="w-16" />
    </div>
  )
}

function State({ row }: { row: BreakerInstance }) {
  return (
    <FlashOnChange value={`${row.effective} ${row.forced?.state}`} className="inline-flex max-w-full">
      <BreakerStateBadge state={row.effective} forced={row.forced?.state} />
    </FlashOnChange>
  )
}
