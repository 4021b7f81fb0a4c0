import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { Countdown } from '@/components/status/countdown'
import { Meter } from '@/components/status/meter'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { ShortNumber } from '@/components/status/short-number'
import { Badge } from '@/components/ui/badge'
import type { PolicyGroup } from '@/lib/console/areas/breakers/views/limits'
import { formatExact, formatPercent } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'

const none = <span className="text-faint">–</span>

const name: DataColumn<PolicyGroup> = {
  id: 'name',
  header: 'Policy',
  cell: row => (
    <span className="flex min-w-0 items-center gap-2">
      <MiddleTruncate text={row.name} className="font-medium" />
      {row.override ? <Badge>limits changed</Badge> : null}
      {row.mixed ? <span className="shrink-0 text-sm text-muted">limits differ</span> : null}
    </span>
  ),
}
const bulkhead: DataColumn<PolicyGroup> = {
  id: 'bulkhead',
  header: 'In use, waiting',
  hint: 'Calls that run, of the places of all processes together, and those that wait for one',
  width: 232,
  hideBelow: 'wide',
  cell: row => <Places row={row} />,
}
const rate: DataColumn<PolicyGroup> = {
  id: 'rate',
  header: 'Rate limit',
  width: 168,
  hideBelow: 'wide',
  cell: row => <Rate row={row} />,
}
const budget: DataColumn<PolicyGroup> = {
  id: 'budget',
  header: 'Retries left',
  hint: 'What the retry budgets of all processes still allow within their window, and how often they were spent',
  width: 176,
  hideBelow: 'desk',
  cell: row => <Budget row={row} />,
}
const refused: DataColumn<PolicyGroup> = {
  id: 'refused',
  header: 'Refused',
  hint: 'Calls that got no place and no turn, since the processes started',
  width: 84,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <Refused row={row} />,
}
const until: DataColumn<PolicyGroup> = {
  id: 'until',
  header: 'Ends',
  width: 104,
  hideBelow: 'desk',
  cell: ({ override }) =>
    override === undefined ? (
      none
    ) : override.until === undefined ? (
      <span className="text-muted">when restored</span>
    ) : (
      <Countdown until={override.until} done="a moment" />
    ),
}

export const policyRows: ListRows<PolicyGroup> = {
  noun: ['policy', 'policies'],
  key: row => row.name,
  columns: { alone: [name, bulkhead, rate, budget, refused, until], beside: [name, { ...bulkhead, width: 214 }] },
  secondary: row => (
    <div className="grid gap-1 pb-1">
      {row.bulkhead ? <Places row={row} /> : null}
      <span className="flex flex-wrap gap-x-3">
        {row.rateLimit ? <Rate row={row} /> : null}
        {row.retryBudget ? (
          <span>
            <span className="text-muted">retries left </span>
            <Budget row={row} />
          </span>
        ) : null}
        {row.bulkhead || row.rateLimit ? (
          <span>
            <span className="text-muted">refused </span>
            <Refused row={row} />
          </span>
        ) : null}
      </span>
    </div>
  ),
  opens: row => ({ policy: row.name }),
}

/** Places of all processes together: full and with a queue is what wants a look. */
function Places({ row }: { row: PolicyGroup }) {
  const { bulkhead, processes } = row
  if (!bulkhead) return none
  const { active, queued, maxConcurrent } = bulkhead
  const places = maxConcurrent * processes.length
  return (
    <span
      className="flex min-w-0 items-center gap-2"
      title={`${formatExact(maxConcurrent)} places in each of ${formatExact(processes.length)} processes`}
    >
      <Meter
        label={`Places of ${row.name} in use`}
        value={active}
        max={places}
        status={queued > 0 ? 'warning' : active >= places ? 'warning' : 'good'}
        className="w-16"
      />
      <span className="truncate tabular-nums">
        {formatExact(active)} of {formatExact(places)}
        <span className={queued > 0 ? 'text-warning' : 'text-muted'}>, {formatExact(queued)} waiting</span>
      </span>
    </span>
  )
}

function Rate({ row }: { row: PolicyGroup }) {
  const { rateLimit } = row
  if (!rateLimit) return none
  const { calls, perMs, shared, alone } = rateLimit
  return (
    <span className="truncate tabular-nums" title={shared ? 'shared through Redis' : 'of each process'}>
      {formatExact(calls)} <span className="text-muted">in {formatDuration(perMs)}</span>
      {alone > 0 ? <span className="text-warning">, not shared now</span> : null}
    </span>
  )
}

function Budget({ row }: { row: PolicyGroup }) {
  const { retryBudget } = row
  if (!retryBudget) return none
  const { left, exhausted, ratio } = retryBudget
  return (
    <span className="truncate tabular-nums" title={`up to ${formatPercent(ratio)} of calls`}>
      <ShortNumber value={left} className={left === 0 ? 'text-warning' : ''} />
      {exhausted > 0 ? (
        <span className="text-muted">
          , exhausted <ShortNumber value={exhausted} />×
        </span>
      ) : null}
    </span>
  )
}

function Refused({ row: { bulkhead, rateLimit } }: { row: PolicyGroup }) {
  if (!bulkhead && !rateLimit) return none
  const refused = (bulkhead?.refused ?? 0) + (rateLimit?.refused ?? 0)
  return <ShortNumber value={refused} className={refused === 0 ? 'text-faint' : ''} />
}
