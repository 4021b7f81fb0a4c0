'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { type Trend, Trends } from '@/app/(console)/_parts/series/trends'
import { PartBoundary, PartDown } from '@/components/status/part-boundary'
import type { DatabaseOverviewData } from '@/lib/console/areas/database/views/overview'
import type { Part } from '@/lib/console/platform/part/part'
import type { Reading } from '@/lib/console/platform/view/read'
import { formatPercent } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'
import { Blockers } from './blockers'
import { ConnectionsPanel } from './connections-panel'
import { DatabaseCharts } from './database-charts'
import { PoolsPanel } from './pools-panel'
import { ReplicationPanel } from './replication-panel'
import { ServerPanel } from './server-panel'
import { WriteAheadPanel } from './write-ahead-panel'

interface OverviewTabProps {
  environment: string
  name: string
  initial: Reading<DatabaseOverviewData>
}

/** Who holds up others, how it does, who uses it. */
export function OverviewTab({ environment, name, initial }: OverviewTabProps) {
  const { reading } = useView<DatabaseOverviewData>(
    { view: 'database-overview', environment, filters: { name } },
    initial,
  )
  const { overview } = (reading ?? initial).data
  if (!overview) return null
  const { server } = overview
  const charts = <DatabaseCharts environment={environment} name={name} />
  // With nothing ever read of it there is one thing to say, once, and what it did before.
  if (server.status === 'down')
    return (
      <div className="grid grid-cols-1 gap-3">
        <div className="overflow-clip rounded-lg border border-line">
          <PartDown what={`Postgres ${name}`} part={server} />
        </div>
        {charts}
      </div>
    )
  return (
    <div className="grid grid-cols-1 gap-3">
      <PartBoundary part={server} what={`Postgres ${name}`} className={STALE}>
        {() => (
          <Known
            environment={environment}
            name={name}
            overview={server.status === 'stale' ? calm(overview) : overview}
          />
        )}
      </PartBoundary>
      {charts}
    </div>
  )
}

const STALE = 'grid grid-cols-1 gap-3 [&>[role=status]]:rounded-lg [&>[role=status]]:border [&>[role=status]]:py-2'

type Overview = NonNullable<DatabaseOverviewData['overview']>

/** While the server is away that is said once, above everything that was last known of it. */
function calm(overview: Overview): Overview {
  const known = <T,>(part: Part<T>): Part<T> =>
    part.status === 'stale' ? { status: 'up', data: part.data, at: part.at } : part
  return {
    ...overview,
    server: known(overview.server),
    figures: known(overview.figures),
    size: known(overview.size),
    connected: known(overview.connected),
    replication: known(overview.replication),
    writeAhead: known(overview.writeAhead),
    blockers: known(overview.blockers),
  }
}

function Known({ environment, name, overview }: { environment: string; name: string; overview: Overview }) {
  const { figures, pools, replication, writeAhead, blockers } = overview
  return (
    <div className="grid grid-cols-1 gap-3">
      <Blockers
        environment={environment}
        database={name}
        blockers={blockers}
        waiting={figures.status === 'up' ? figures.data.waiting : undefined}
      />
      <div className="overflow-clip rounded-lg border border-line bg-panel [&>dl]:border-b-0">
        <Trends environment={environment} trends={trendsOf(name, figures.status === 'up' ? figures.data : undefined)} />
      </div>
      <div className="grid grid-cols-1 gap-3 desk:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] desk:items-start">
        <div className="grid grid-cols-1 gap-3">
          <ConnectionsPanel name={name} overview={overview} />
          <PoolsPanel environment={environment} pools={pools} />
        </div>
        <div className="grid grid-cols-1 gap-3">
          <ServerPanel name={name} overview={overview} />
          <WriteAheadPanel name={name} writeAhead={writeAhead} />
          <ReplicationPanel name={name} replication={replication} />
        </div>
      </div>
    </div>
  )
}

function trendsOf(name: string, now: { connections: number; longestTransactionMs?: number } | undefined): Trend[] {
  const of = (series: string) => ({ service: `postgres:${name}`, series })
  return [
    { of: of('postgres_connections'), label: 'Connections', now: now?.connections },
    { of: of('postgres_transactions'), label: 'Transactions', unit: '/s' },
    { of: of('postgres_hit_ratio'), label: 'Cache hit ratio', format: formatPercent },
    {
      of: of('postgres_longest_transaction_seconds'),
      label: 'Longest transaction',
      now: now && (now.longestTransactionMs ?? 0) / 1_000,
      format: seconds => formatDuration(seconds * 1_000),
      tone: 'bad',
    },
  ]
}
