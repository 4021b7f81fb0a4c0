import dynamic from 'next/dynamic'
import { useMemo } from 'react'
import { ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { TitledPanel } from '@/app/(console)/_parts/list/titled-panel'
import { isUnderWay } from '@/components/operation/answer'
import { EmptyState } from '@/components/ui/empty-state'
import type { DatabaseMigrations, MigrationsState } from '@/lib/console/areas/migrations/views/migrations'
import { formatExact } from '@/lib/core/number-format'
import { DatabaseActs } from './database-acts'
import { DatabaseNotices } from './database-notices'
import { migrationRows } from './migration-columns'

// Only while something runs.
const LiveOutput = dynamic(() =>
  import('@/app/(console)/_parts/migrations/live-output').then(module => module.LiveOutput),
)

interface DatabasePanelProps {
  database: DatabaseMigrations
  environment: string
}

/** One database: its state, who is migrating, what can be done, and its migrations with the newest first. */
export function DatabasePanel({ database, environment }: DatabasePanelProps) {
  const { name, state, run, drift } = database
  const rows = useMemo(() => migrationRows(name), [name])
  const known = state.status === 'down' ? undefined : state.data
  const latest = run.status === 'down' ? undefined : run.data.latest
  const underWay = latest && isUnderWay(latest.status) ? latest : undefined
  return (
    <TitledPanel
      title={name}
      note={known ? <Summary state={known} /> : database.folder}
      actions={state.status === 'up' ? <DatabaseActs database={name} state={state.data} /> : null}
    >
      <ListPart part={state} what={`Postgres ${name}`}>
        {data => (
          <>
            <DatabaseNotices state={data} run={run} drift={drift} environment={environment} />
            {underWay ? <LiveOutput run={underWay.id} environment={environment} /> : null}
            <ListTable
              of={rows}
              rows={data.rows.toReversed()}
              total={data.total}
              label={`Migrations of ${name}`}
              empty={data.counts.all === 0 ? <EmptyFolder folder={database.folder} /> : undefined}
            />
          </>
        )}
      </ListPart>
    </TitledPanel>
  )
}

function EmptyFolder({ folder }: { folder: string }) {
  return (
    <EmptyState title="The folder is empty">
      Nothing in <code className="break-all">{folder}</code> is called <code>NNNN_name.sql</code>.
    </EmptyState>
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
