import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import type { DataColumn } from '@/components/data-table/data-column'
import { Duration } from '@/components/status/duration'
import { FlashOnChange } from '@/components/status/flash-on-change'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import type { MigrationRow } from '@/lib/console/areas/migrations/migration-row'
import { MigrationMark } from './migration-mark'

const name: DataColumn<MigrationRow> = {
  id: 'name',
  header: 'Migration',
  cell: row => <MiddleTruncate text={row.name} mono className={row.state === 'pending' ? 'font-medium' : ''} />,
}
const state: DataColumn<MigrationRow> = {
  id: 'state',
  header: 'State',
  width: 172,
  hideBelow: 'wide',
  cell: row => (
    <FlashOnChange value={`${row.state} ${row.outOfOrder}`}>
      <MigrationMark row={row} />
    </FlashOnChange>
  ),
}
const statements: DataColumn<MigrationRow> = {
  id: 'statements',
  header: 'Statements',
  width: 96,
  align: 'end',
  hideBelow: 'desk',
  cell: row => (row.state === 'missing' ? <Faint>unknown</Faint> : row.statements),
}
const how: DataColumn<MigrationRow> = {
  id: 'how',
  header: 'Runs',
  hint: 'In one transaction with its line in the journal, or alone, outside one',
  width: 132,
  hideBelow: 'desk',
  cell: row =>
    row.state === 'missing' ? <Faint>unknown</Faint> : row.alone ? 'alone' : <Faint>in a transaction</Faint>,
}
const back: DataColumn<MigrationRow> = {
  id: 'back',
  header: 'Rollback',
  width: 92,
  hideBelow: 'desk',
  cell: row => (row.reversible ? 'yes' : <Faint>none</Faint>),
}
const applied: DataColumn<MigrationRow> = {
  id: 'applied',
  header: 'Applied',
  width: 232,
  hideBelow: 'wide',
  cell: row => <Applied row={row} />,
}
const took: DataColumn<MigrationRow> = {
  id: 'took',
  header: 'Took',
  width: 84,
  align: 'end',
  hideBelow: 'broad',
  cell: row =>
    row.applied?.durationMs === undefined ? (
      row.applied ? (
        <Faint>unknown</Faint>
      ) : (
        ''
      )
    ) : (
      <Duration ms={row.applied.durationMs} />
    ),
}

/** Of one of the databases. */
export const migrationRows = (database: string): ListRows<MigrationRow> => ({
  noun: ['migration', 'migrations'],
  key: row => row.name,
  columns: {
    alone: [name, state, statements, how, back, applied, took],
    beside: [name, state],
  },
  secondary: row => <Secondary row={row} />,
  opens: row => ({ database, migration: row.name }),
})

/** Below the name on a phone. */
function Secondary({ row }: { row: MigrationRow }) {
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 pb-1">
      <MigrationMark row={row} />
      <Applied row={row} />
    </div>
  )
}

function Applied({ row: { applied } }: { row: MigrationRow }) {
  if (!applied) return null
  if (applied.at === undefined) return <Faint>not by this console</Faint>
  return (
    <span className="flex min-w-0 gap-1">
      <RelativeTime at={applied.at} className="shrink-0" />
      {applied.by ? (
        <>
          <Faint>by</Faint> <MiddleTruncate text={applied.by} />
        </>
      ) : null}
    </span>
  )
}

function Faint({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>
}
