import type { ChartLine, SeriesHue } from '@/components/charts/chart-series'
import { LineSwatch } from '@/components/charts/line-swatch'
import { HUES } from '@/components/charts/palette'
import { valueFormat } from '@/components/charts/value-format'
import type { DataColumn, Sort } from '@/components/data-table/data-column'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { Unknown } from '@/components/status/short-number'
import { Sparkline } from '@/components/status/sparkline'
import type { Division } from '@/lib/console/areas/metrics/requests-by'
import type { RequestRow } from '@/lib/console/areas/metrics/views/requests'
import { formatPercent } from '@/lib/core/number-format'

/** A row with the hue of its line, where it has one. */
export interface SplitRow extends RequestRow {
  label: string
  hue: SeriesHue | undefined
}

const perSecond = valueFormat('number', '/s')
const seconds = valueFormat('seconds')

/** The largest get a line each; `prefixed` with their service, where there are several. */
export function rowsWithLines(rows: readonly RequestRow[], prefixed: boolean): SplitRow[] {
  return rows.map((row, index) => ({
    ...row,
    label: prefixed ? `${row.service} ${row.name}` : row.name,
    hue: HUES[index],
  }))
}

export function linesOf(rows: readonly SplitRow[], of: 'values' | 'latency'): ChartLine[] {
  return rows
    .filter(({ hue }) => hue !== undefined)
    .map(row => ({ id: rowKey(row), label: row.label, hue: row.hue, values: row[of] }))
}

export const rowKey = ({ service, name }: RequestRow) => `${service}\n${name}`

/** Null is last, in both directions. */
export function inOrder(rows: readonly SplitRow[], { column, direction }: Sort): SplitRow[] {
  const sign = direction === 'asc' ? 1 : -1
  const measured = (row: SplitRow) => (column === 'name' ? row.label : row[column as Measure]) ?? null
  return rows.toSorted((a, b) => {
    const [one, other] = [measured(a), measured(b)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    return sign * (one < other ? -1 : one > other ? 1 : 0)
  })
}

type Measure = 'requests' | 'errors' | 'p50' | 'p95' | 'p99'

const HEADERS: Record<Division, string> = { route: 'Route', version: 'Version', process: 'Process' }
const BY: Record<Division, DataColumn<SplitRow>[]> = {
  route: columnsOf(HEADERS.route),
  version: columnsOf(HEADERS.version),
  process: columnsOf(HEADERS.process),
}
export const rowColumns = (by: Division) => BY[by]

function columnsOf(header: string): DataColumn<SplitRow>[] {
  return [
    { id: 'name', header, sortable: true, cell: row => <NameCell row={row} /> },
    {
      id: 'over-time',
      header: 'Requests over time',
      width: 132,
      hideBelow: 'desk',
      cell: row => (
        <Sparkline
          values={row.values}
          label={`Requests of ${row.label} over time`}
          className="h-5 w-full"
          tone="muted"
        />
      ),
    },
    measure('requests', 'Requests', 92, row => worded(row.requests, perSecond)),
    { ...measure('errors', 'Errors', 116, row => <ErrorsCell row={row} />), hideBelow: 'wide' },
    { ...measure('p50', 'p50', 76, row => worded(row.p50, seconds)), hideBelow: 'wide' },
    measure('p95', 'p95', 76, row => worded(row.p95, seconds)),
    { ...measure('p99', 'p99', 76, row => worded(row.p99, seconds)), hideBelow: 'wide' },
  ]
}

function measure(id: Measure, header: string, width: number, cell: DataColumn<SplitRow>['cell']): DataColumn<SplitRow> {
  return { id, header, width, align: 'end', sortable: true, firstSort: 'desc', cell }
}

function NameCell({ row: { hue, label } }: { row: SplitRow }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      {hue === undefined ? <span aria-hidden className="w-5.5 shrink-0" /> : <LineSwatch line={{ hue }} />}
      <MiddleTruncate text={label} mono />
    </span>
  )
}

function ErrorsCell({ row: { errors, requests } }: { row: SplitRow }) {
  if (errors === null) return <Unknown why="No status is counted" />
  if (errors === 0) return <span className="text-muted">none</span>
  return (
    <span className="text-bad">
      {perSecond(errors)}
      {requests ? `, ${formatPercent(errors / requests)}` : ''}
    </span>
  )
}

/** On a phone, below the name: what the columns that are left out would say. */
export function secondaryOf(row: SplitRow) {
  return (
    <span className="text-sm text-muted tabular-nums">
      errors <ErrorsCell row={row} />
      {row.p99 === null ? null : `, p99 ${seconds(row.p99)}`}
    </span>
  )
}

function worded(value: number | null, format: (value: number) => string) {
  return value === null ? <Unknown why="Not measured in this time" /> : format(value)
}
