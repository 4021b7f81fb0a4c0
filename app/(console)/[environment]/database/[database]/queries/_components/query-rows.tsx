import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { Duration } from '@/components/status/duration'
import { Meter } from '@/components/status/meter'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { StatusBadge } from '@/components/status/status-mark'
import type { QueryRow } from '@/lib/console/areas/database/statements/rows'
import { formatExact, formatPercent } from '@/lib/core/number-format'

const NOT_KEPT = 'Not called in this time, or its figures are not kept or could not be read'
const NOT_MEASURED = 'No process of the fleet that runs now has reported this statement'

const text: DataColumn<QueryRow> = {
  id: 'text',
  header: 'Statement',
  cell: row => (
    <span className="flex min-w-0 items-baseline gap-2">
      <StatementText row={row} />
      {row.origin ? <Origin row={row} className="max-desk:hidden" /> : null}
    </span>
  ),
}
const load: DataColumn<QueryRow> = {
  id: 'load',
  header: 'Share of load',
  hint: 'Of the time that all statements took',
  width: 132,
  hideBelow: 'wide',
  sortable: true,
  firstSort: 'desc',
  cell: row => <Share share={row.share} />,
}
const calls: DataColumn<QueryRow> = {
  id: 'calls',
  header: 'Calls/s',
  width: 84,
  align: 'end',
  hideBelow: 'wide',
  sortable: true,
  firstSort: 'desc',
  cell: row => (row.now ? <ShortNumber value={row.now.calls} /> : <Unknown why={NOT_KEPT} />),
}
const mean: DataColumn<QueryRow> = {
  id: 'mean',
  header: 'Mean',
  hint: 'Time of a call in the chosen time',
  width: 84,
  align: 'end',
  hideBelow: 'wide',
  sortable: true,
  firstSort: 'desc',
  cell: row => (row.now ? <Duration ms={row.now.meanMs} /> : <Unknown why={NOT_KEPT} />),
}
const p95: DataColumn<QueryRow> = {
  id: 'p95',
  header: 'p95',
  hint: 'Of the calls that the services have measured themselves, with the network, each process since it started',
  width: 84,
  align: 'end',
  hideBelow: 'desk',
  sortable: true,
  firstSort: 'desc',
  cell: row => (row.measured ? <Duration ms={row.measured.p95} /> : <Unknown why={NOT_MEASURED} />),
}
const change: DataColumn<QueryRow> = {
  id: 'change',
  header: 'Trend',
  hint: 'The same time yesterday, and before the last deploy of its service',
  width: 168,
  hideBelow: 'desk',
  sortable: true,
  firstSort: 'desc',
  cell: row => <Changes row={row} />,
}
const rows: DataColumn<QueryRow> = {
  id: 'rows',
  header: 'Rows',
  hint: 'Of a call',
  width: 76,
  align: 'end',
  hideBelow: 'desk',
  sortable: true,
  firstSort: 'desc',
  cell: row => <ShortNumber value={row.now ? row.now.rows / row.now.calls : row.rows / Math.max(1, row.calls)} />,
}
const max: DataColumn<QueryRow> = {
  id: 'max',
  header: 'Max',
  hint: 'The slowest call since the counts were reset',
  width: 84,
  align: 'end',
  hideBelow: 'broad',
  sortable: true,
  firstSort: 'desc',
  cell: row => <Duration ms={row.maxMs} />,
}
const total: DataColumn<QueryRow> = {
  id: 'total',
  header: 'Total',
  hint: 'Time of all calls since the counts were reset',
  width: 84,
  align: 'end',
  hideBelow: 'broad',
  sortable: true,
  firstSort: 'desc',
  cell: row => <Duration ms={row.totalMs} />,
}

export const queryRows: ListRows<QueryRow> = {
  noun: ['query', 'queries'],
  key: row => row.query,
  columns: { alone: [text, load, calls, mean, p95, change, rows, max, total], beside: [text, load, mean] },
  secondary: row => <Secondary row={row} />,
  opens: row => ({ query: row.query }),
  sort: 'load',
}

function StatementText({ row: { text: words, query } }: { row: QueryRow }) {
  if (words === undefined) return <span className="text-muted">text not known ({query})</span>
  const line = words.replace(/\s+/g, ' ')
  return (
    <code className="truncate text-sm" title={words}>
      {line}
    </code>
  )
}

/** Who sends it, from its comment. */
function Origin({ row: { origin }, className }: { row: QueryRow; className?: string }) {
  const { service, route, job } = origin ?? {}
  const what = [service, route ?? job].filter(Boolean).join(' ')
  if (what === '') return null
  return (
    <span
      className={`shrink-0 text-sm text-muted ${className ?? ''}`}
      title="From the comment of its first call; others that send the same statement are counted with it"
    >
      {what}
    </span>
  )
}

function Share({ share }: { share: number | undefined }) {
  if (share === undefined) return <Unknown why={NOT_KEPT} />
  return (
    <span className="inline-flex items-center gap-2 tabular-nums">
      <Meter label="Share of load" value={share} max={1} className="w-14" />
      {formatPercent(share)}
    </span>
  )
}

function Changes({ row: { now, yesterday, deploy, slower } }: { row: QueryRow }) {
  if (!now || (!yesterday && !deploy)) return <Unknown why="Its figures do not reach back that far" />
  return (
    <span className="flex min-w-0 items-center gap-3 tabular-nums">
      {yesterday ? (
        <span title={`Yesterday at this time: ${formatExact(yesterday.meanMs)} ms`}>
          <span className="text-muted">day</span> {factor(now.meanMs / yesterday.meanMs)}
        </span>
      ) : null}
      {deploy ? (
        <span
          title={`${deploy.service} ${deploy.version}: ${formatExact(deploy.before.meanMs)} ms before, ${formatExact(deploy.after.meanMs)} ms since`}
        >
          {slower ? (
            <StatusBadge status="warning">
              {factor(deploy.after.meanMs / deploy.before.meanMs)} since deploy
            </StatusBadge>
          ) : (
            <>
              <span className="text-muted">deploy</span> {factor(deploy.after.meanMs / deploy.before.meanMs)}
            </>
          )}
        </span>
      ) : null}
    </span>
  )
}

/** `×1.4` */
function factor(ratio: number): string {
  return `×${ratio >= 10 ? Math.round(ratio) : ratio.toFixed(1)}`
}

/** Below the text on a phone. */
function Secondary({ row }: { row: QueryRow }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 pb-1 tabular-nums">
      {row.now ? (
        <>
          <span>
            <Duration ms={row.now.meanMs} /> mean
          </span>
          <span>
            <ShortNumber value={row.now.calls} /> calls/s
          </span>
          {row.share === undefined ? null : <span>{formatPercent(row.share)} of load</span>}
        </>
      ) : (
        <span>
          <Duration ms={row.totalMs} /> in all, <ShortNumber value={row.calls} /> {row.calls === 1 ? 'call' : 'calls'}
        </span>
      )}
      {row.measured ? (
        <span>
          <Duration ms={row.measured.p95} /> p95
        </span>
      ) : null}
      {row.slower ? <StatusBadge status="warning">Slower since a deploy</StatusBadge> : null}
      {row.origin ? <Origin row={row} /> : null}
    </span>
  )
}
