import dynamic from 'next/dynamic'
import { DataTable } from '@/components/data-table/data-table'
import { isUnderWay } from '@/components/operation/answer'
import { formatExact } from '@/components/status/number-format'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { DatabaseMigrations, MigrationsState } from '@/lib/console/areas/migrations/views/migrations'
import { DatabaseActs } from './database-acts'
import { DatabaseNotices } from './database-notices'
import { migrationColumns, migrationSecondary } from './migration-columns'

// Only while something runs.
const LiveOutput = dynamic(() =>
  import('@/app/(console)/_parts/migrations/live-output').then(module => module.LiveOutput),
)

interface DatabasePanelProps {
  database: DatabaseMigrations
  environment: string
  hrefOf: (migration: string) => string
  /** The migration whose sheet is open. */
  current: string | undefined
  beside: boolean
  onClear: () => void
}

/** One database: its state, who is migrating, what can be done, and its migrations with the newest first. */
export function DatabasePanel({ database, environment, hrefOf, current, beside, onClear }: DatabasePanelProps) {
  const { name, state, run } = database
  const known = state.status === 'down' ? undefined : state.data
  const latest = run.status === 'down' ? undefined : run.data.latest
  const underWay = latest && isUnderWay(latest.status) ? latest : undefined
  return (
    <Panel
      title={name}
      note={known ? <Summary state={known} /> : database.folder}
      actions={state.status === 'up' ? <DatabaseActs database={name} state={state.data} /> : null}
    >
      <PartBoundary
        part={state}
        what={`Postgres ${name}`}
        action={
          <Button asChild size="sm">
            <AppLink href={`/${environment}/health`}>See health</AppLink>
          </Button>
        }
      >
        {data => (
          <>
            <DatabaseNotices state={data} run={run} environment={environment} />
            {underWay ? <LiveOutput run={underWay.id} environment={environment} /> : null}
            <DataTable
              label={`Migrations of ${name}`}
              rows={data.rows.toReversed()}
              rowKey={row => row.name}
              columns={beside ? migrationColumns.beside : migrationColumns.alone}
              rowHref={row => hrefOf(row.name)}
              currentKey={current}
              secondary={migrationSecondary}
              empty={
                data.counts.all === 0 ? (
                  <EmptyState title="The folder is empty">
                    Nothing in <code className="break-all">{database.folder}</code> is called <code>NNNN_name.sql</code>
                    .
                  </EmptyState>
                ) : (
                  <EmptyState
                    title="No migration matches"
                    action={<Button onClick={onClear}>Clear the filters</Button>}
                  >
                    There are {formatExact(data.counts.all)} in this database.
                  </EmptyState>
                )
              }
            />
            {data.rows.length < data.total ? (
              <p className="border-t border-line px-3.5 py-2 text-sm text-muted">
                The newest {formatExact(data.rows.length)} of {formatExact(data.total)}. Filter by name to see older
                ones.
              </p>
            ) : null}
          </>
        )}
      </PartBoundary>
    </Panel>
  )
}

function Summary({ state: { counts, source } }: { state: MigrationsState }) {
  const words = [
    `${formatExact(counts.applied)} applied`,
    counts.pending > 0 ? `${formatExact(counts.pending)} pending` : '',
    counts.drifted > 0 ? `${formatExact(counts.drifted)} drifted` : '',
    counts.missing > 0 ? `${formatExact(counts.missing)} missing` : '',
    source === 'drizzle' ? 'drizzle’s journal' : '',
  ]
  return <span className="tabular-nums">{words.filter(Boolean).join(', ')}</span>
}
