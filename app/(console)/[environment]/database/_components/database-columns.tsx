import { RowSparkline } from '@/app/(console)/_parts/series/row-sparkline'
import type { DataColumn } from '@/components/data-table/data-column'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { Unknown } from '@/components/status/short-number'
import type { DatabaseRow } from '@/lib/console/areas/database/views/databases'
import { formatExact } from '@/lib/core/number-format'
import { ServerState } from './server-state'

/** Without the scheme, which is always the same. */
export const shortAddress = (address: string) => address.replace(/^postgres(ql)?:\/\//, '')

export const transactionsOf = ({ name }: DatabaseRow) => ({
  service: `postgres:${name}`,
  series: 'postgres_transactions',
})

const factsOf = ({ server }: DatabaseRow) => (server.status === 'down' ? undefined : server.data)

const name: DataColumn<DatabaseRow> = {
  id: 'name',
  header: 'Database',
  cell: row => (
    <span className="flex min-w-0 items-baseline gap-2">
      <MiddleTruncate text={row.name} className="shrink-0" />
      <MiddleTruncate text={shortAddress(row.address)} mono className="text-muted max-wide:hidden" />
    </span>
  ),
}
const state: DataColumn<DatabaseRow> = {
  id: 'state',
  header: 'State',
  width: 148,
  hideBelow: 'wide',
  cell: row => <ServerState row={row} />,
}
const version: DataColumn<DatabaseRow> = {
  id: 'version',
  header: 'Version',
  width: 160,
  hideBelow: 'wide',
  cell: row => <Version row={row} />,
}
const connections: DataColumn<DatabaseRow> = {
  id: 'connections',
  header: 'Connections',
  width: 120,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <Connections row={row} />,
}

const transactions: DataColumn<DatabaseRow> = {
  id: 'transactions',
  header: 'Transactions/s',
  hint: 'The last 15 minutes, and now',
  width: 172,
  hideBelow: 'desk',
  cell: row => <RowSparkline of={transactionsOf(row)} label="Transactions per second" figure />,
}

export const databaseColumns: readonly DataColumn<DatabaseRow>[] = [name, state, version, transactions, connections]

/** Below the name on a phone. */
export function DatabaseSecondary({ row }: { row: DatabaseRow }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 pb-1 tabular-nums">
      <ServerState row={row} />
      <Version row={row} />
      <span>
        <Connections row={row} /> connections
      </span>
    </span>
  )
}

function Version({ row }: { row: DatabaseRow }) {
  const facts = factsOf(row)
  return facts ? (
    <>
      Postgres {facts.version}, {facts.role}
    </>
  ) : (
    <Unknown />
  )
}

function Connections({ row }: { row: DatabaseRow }) {
  const facts = factsOf(row)
  return facts ? (
    <>
      {formatExact(facts.connections)} <span className="text-muted">of {formatExact(facts.maxConnections)}</span>
    </>
  ) : (
    <Unknown />
  )
}
