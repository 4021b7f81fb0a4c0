import { Duration } from '@/components/status/duration'
import { Meter } from '@/components/status/meter'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { Unknown } from '@/components/status/short-number'
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table'
import type { Connected, ConnectedRow } from '@/lib/console/areas/database/connected'
import type { DatabaseOverviewData } from '@/lib/console/areas/database/views/overview'
import { formatExact } from '@/lib/core/number-format'

const SHOWN = 12

type Overview = NonNullable<DatabaseOverviewData['overview']>

/** Who is connected to the server, by state, service and account. */
export function ConnectionsPanel({ name, overview }: { name: string; overview: Overview }) {
  const { figures, connected } = overview
  const max = figures.status === 'down' ? undefined : figures.data.maxConnections
  return (
    <Panel title="Connections" note="of the whole server">
      <PartBoundary part={connected} what={`Postgres ${name}`}>
        {data => (
          <>
            <States states={data.states} max={max} />
            <Connectors rows={data.rows} />
          </>
        )}
      </PartBoundary>
    </Panel>
  )
}

function States({ states, max }: { states: Connected['states']; max: number | undefined }) {
  const share = max === undefined ? 0 : states.count / max
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1.5 border-b border-line px-3.5 py-2.5 text-md tabular-nums">
      <span className="inline-flex items-center gap-2">
        <Meter
          label="Connections against the limit"
          value={states.count}
          max={max ?? states.count}
          threshold={max === undefined ? undefined : 0.9 * max}
          status={share > 0.97 ? 'bad' : share > 0.9 ? 'warning' : 'good'}
          className="w-28"
        />
        <span>
          <b className="font-semibold">{formatExact(states.count)}</b>{' '}
          <span className="text-muted">of {max === undefined ? <Unknown /> : formatExact(max)}</span>
        </span>
      </span>
      <State label="active" count={states.active} />
      <State label="idle in transaction" count={states.idleInTransaction} />
      <State label="idle" count={states.idle} />
      {states.other > 0 ? <State label="other or hidden" count={states.other} /> : null}
    </div>
  )
}

function State({ label, count }: { label: string; count: number }) {
  return (
    <span>
      {formatExact(count)} <span className="text-muted">{label}</span>
    </span>
  )
}

function Connectors({ rows }: { rows: readonly ConnectedRow[] }) {
  const rest = rows.slice(SHOWN).reduce((sum, row) => sum + row.count, 0)
  return (
    <>
      <Table className="tabular-nums">
        <thead>
          <tr>
            <TableHead>Service or application</TableHead>
            <TableHead className="max-wide:hidden">Account, database</TableHead>
            <TableHead className="text-right">Open</TableHead>
            <TableHead className="text-right">Active</TableHead>
            <TableHead className="text-right max-wide:hidden">In transaction</TableHead>
            <TableHead className="text-right max-wide:hidden">Oldest transaction</TableHead>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map(row => (
            <TableRow key={`${row.who} ${row.user} ${row.database}`}>
              <TableCell className="max-w-0 min-w-32 truncate">
                <Who row={row} />
              </TableCell>
              <TableCell className="max-w-0 min-w-32 truncate text-muted max-wide:hidden">
                {row.user}, {row.database || 'no database'}
              </TableCell>
              <TableCell className="text-right">{formatExact(row.count)}</TableCell>
              <TableCell className="text-right">{formatExact(row.active)}</TableCell>
              <TableCell className="text-right max-wide:hidden">{formatExact(row.idleInTransaction)}</TableCell>
              <TableCell className="text-right whitespace-nowrap max-wide:hidden">
                {row.longestTransactionMs === undefined ? (
                  <span className="text-faint">none</span>
                ) : (
                  <Duration ms={row.longestTransactionMs} />
                )}
              </TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
      {rows.length > SHOWN ? (
        <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
          {formatExact(rest)} more connections of {formatExact(rows.length - SHOWN)} others.
        </p>
      ) : null}
    </>
  )
}

function Who({ row: { who, known, own } }: { row: ConnectedRow }) {
  if (who === undefined) return <span className="text-muted">gives no name</span>
  if (own) return 'this console'
  return known ? <b className="font-medium">{who}</b> : <span title={who}>{who}</span>
}
