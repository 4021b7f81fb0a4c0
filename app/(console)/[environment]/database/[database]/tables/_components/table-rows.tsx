import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { StatusBadge } from '@/components/status/status-mark'
import type { TableRow } from '@/lib/console/areas/database/views/tables'
import { formatExact, formatShort } from '@/lib/core/number-format'
import { Growth } from './growth'

const name: DataColumn<TableRow> = {
  id: 'name',
  header: 'Table',
  sortable: true,
  cell: row => <MiddleTruncate text={row.schema === 'public' ? row.name : row.id} />,
}
const findings: DataColumn<TableRow> = {
  id: 'findings',
  header: 'Findings',
  width: 116,
  hideBelow: 'wide',
  sortable: true,
  firstSort: 'desc',
  cell: row => <Findings row={row} />,
}
const size: DataColumn<TableRow> = {
  id: 'size',
  header: 'Size',
  hint: 'The table with its TOAST and its indexes',
  width: 96,
  align: 'end',
  hideBelow: 'wide',
  sortable: true,
  firstSort: 'desc',
  cell: row => <ShortNumber as="bytes" value={row.totalBytes} />,
}
const growth: DataColumn<TableRow> = {
  id: 'growth',
  header: 'Growth',
  hint: 'In a day, from samples of its size; kept of the fifty largest tables',
  width: 104,
  align: 'end',
  hideBelow: 'desk',
  sortable: true,
  firstSort: 'desc',
  cell: ({ growth: bytes }) =>
    bytes === undefined ? <Unknown why="Its size is not kept, or not for an hour yet" /> : <Growth bytes={bytes} />,
}
const rows: DataColumn<TableRow> = {
  id: 'rows',
  header: 'Rows',
  hint: 'Estimated by the last ANALYZE',
  width: 84,
  align: 'end',
  hideBelow: 'wide',
  sortable: true,
  firstSort: 'desc',
  cell: row => <ShortNumber value={row.rows} />,
}
const dead: DataColumn<TableRow> = {
  id: 'dead',
  header: 'Dead rows',
  hint: 'Old versions of rows that VACUUM has not removed yet',
  width: 100,
  align: 'end',
  hideBelow: 'desk',
  sortable: true,
  firstSort: 'desc',
  cell: row => <ShortNumber value={row.deadRows} className={row.deadRows === 0 ? 'text-faint' : undefined} />,
}
const bloat: DataColumn<TableRow> = {
  id: 'bloat',
  header: 'Bloat',
  hint: 'Bytes that hold no row, estimated from column statistics',
  width: 96,
  align: 'end',
  hideBelow: 'broad',
  sortable: true,
  firstSort: 'desc',
  cell: row =>
    row.bloatBytes === undefined ? (
      <Unknown why="Too small to say, or never analyzed" />
    ) : (
      <ShortNumber as="bytes" value={row.bloatBytes} />
    ),
}
const scans: DataColumn<TableRow> = {
  id: 'scans',
  header: 'Scans',
  hint: 'Of the whole table, and by index',
  width: 132,
  align: 'end',
  hideBelow: 'desk',
  sortable: true,
  firstSort: 'desc',
  cell: row => <Scans row={row} />,
}
const hit: DataColumn<TableRow> = {
  id: 'hit',
  header: 'Cache hit',
  hint: 'Share of its blocks found in shared buffers',
  width: 88,
  align: 'end',
  hideBelow: 'broad',
  cell: row => <ShortNumber as="percent" value={row.cacheHit} />,
}
const vacuumed: DataColumn<TableRow> = {
  id: 'vacuumed',
  header: 'Vacuumed',
  width: 108,
  align: 'end',
  hideBelow: 'broad',
  cell: row =>
    row.vacuumedAt === undefined ? <span className="text-muted">never</span> : <RelativeTime at={row.vacuumedAt} />,
}

export const tableRows: ListRows<TableRow> = {
  noun: ['table', 'tables'],
  key: row => row.id,
  columns: {
    alone: [name, findings, size, growth, rows, dead, bloat, scans, hit, vacuumed],
    beside: [name, findings, size, rows],
  },
  secondary: row => <Secondary row={row} />,
  opens: row => ({ schema: row.schema, table: row.name }),
  sort: 'findings',
}

function Findings({ row: { findings, indexes } }: { row: TableRow }) {
  if (findings.length === 0 && indexes === undefined) return <Unknown why="Its indexes are not known yet" />
  if (findings.length === 0) return <span className="text-faint">none</span>
  const warnings = findings.filter(({ severity }) => severity === 'warning').length
  return (
    <span title={findings.map(({ words }) => words).join('\n')}>
      {warnings > 0 ? (
        <StatusBadge status="warning">
          {warnings} {warnings === 1 ? 'warning' : 'warnings'}
        </StatusBadge>
      ) : (
        <span className="text-muted">
          {findings.length} {findings.length === 1 ? 'note' : 'notes'}
        </span>
      )}
    </span>
  )
}

function Scans({ row: { sequentialScans, indexScans } }: { row: TableRow }) {
  return (
    <span title={`${formatExact(sequentialScans)} of the whole table, ${formatExact(indexScans)} by index`}>
      {formatShort(sequentialScans)}
      <span className="text-muted"> / {formatShort(indexScans)}</span>
    </span>
  )
}

/** Below the name on a phone. */
function Secondary({ row }: { row: TableRow }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 pb-1 tabular-nums">
      <ShortNumber as="bytes" value={row.totalBytes} />
      <span>
        <ShortNumber value={row.rows} /> rows
      </span>
      {row.findings.length > 0 ? <Findings row={row} /> : null}
    </span>
  )
}
