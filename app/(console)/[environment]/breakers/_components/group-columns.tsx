import { BreakerSparkline, breakerSparklines } from '@/app/(console)/_parts/breakers/breaker-sparkline'
import { disagreementOf, GroupStateBadge } from '@/app/(console)/_parts/breakers/breaker-state'
import { FailureMeter, measuredOf } from '@/app/(console)/_parts/breakers/failure-meter'
import { NextChange, upcomingOf } from '@/app/(console)/_parts/breakers/next-change'
import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { FlashOnChange } from '@/components/status/flash-on-change'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { ShortNumber } from '@/components/status/short-number'
import type { BreakerGroup } from '@/lib/console/areas/breakers/group'

const name: DataColumn<BreakerGroup> = {
  id: 'name',
  header: 'Dependency',
  sortable: true,
  cell: row => <MiddleTruncate text={row.name} className={row.state === 'closed' ? '' : 'font-medium'} />,
}
const state: DataColumn<BreakerGroup> = {
  id: 'state',
  header: 'State',
  width: 208,
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <State group={row} />,
}
const calls: DataColumn<BreakerGroup> = {
  id: 'calls',
  header: 'Calls/s',
  hint: 'Calls per second in the last 15 minutes; in red, those that failed',
  width: 116,
  hideBelow: 'broad',
  cell: row => <BreakerSparkline name={row.name} />,
}
const failures: DataColumn<BreakerGroup> = {
  id: 'failures',
  header: 'Failures against threshold',
  width: 276,
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <FailureMeter measured={measuredOf(row)} />,
}
const rejected: DataColumn<BreakerGroup> = {
  id: 'rejected',
  header: 'Rejected',
  hint: 'Calls turned away while open, since the processes started',
  width: 92,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <ShortNumber value={row.totals.rejected} className={row.totals.rejected === 0 ? 'text-faint' : ''} />,
}
const next: DataColumn<BreakerGroup> = {
  id: 'next',
  header: 'Next probe or release',
  width: 180,
  hideBelow: 'wide',
  cell: row => <NextChange {...upcomingOf(row)} />,
}
const owner: DataColumn<BreakerGroup> = {
  id: 'owner',
  header: 'Owner',
  width: 124,
  hideBelow: 'desk',
  cell: row =>
    row.owner ? <MiddleTruncate text={row.owner} className="text-muted" /> : <span className="text-faint">none</span>,
}

export const breakersByDependency: ListRows<BreakerGroup> = {
  noun: ['breaker', 'breakers'],
  key: row => row.name,
  columns: {
    alone: [name, state, calls, failures, rejected, next, owner],
    beside: [
      name,
      state,
      {
        ...failures,
        header: 'Failures',
        width: 258,
        cell: row => <FailureMeter measured={measuredOf(row)} className="w-16" />,
      },
    ],
  },
  secondary: row => <Secondary row={row} />,
  opens: row => ({ breaker: row.name }),
  sort: 'state',
  sparklines: row => breakerSparklines([row]),
}

/** Below the name on a phone. */
function Secondary({ row }: { row: BreakerGroup }) {
  return (
    <div className="grid gap-1 pb-1">
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <State group={row} />
        <FailureMeter measured={measuredOf(row)} className="w-14" />
      </div>
      {row.state === 'closed' && !row.forced ? null : (
        <span>
          <NextChange {...upcomingOf(row)} />
        </span>
      )}
    </div>
  )
}

function State({ group }: { group: BreakerGroup }) {
  const where = disagreementOf(group)
  return (
    <FlashOnChange
      value={`${group.state} ${group.forced?.states.join()}`}
      className="inline-flex max-w-full items-center gap-1.5"
    >
      <GroupStateBadge group={group} />
      {where ? <span className="min-w-0 truncate text-sm text-muted">{where}</span> : null}
    </FlashOnChange>
  )
}
