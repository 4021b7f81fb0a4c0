import { Capabilities } from '@/app/(console)/_parts/targets/capabilities'
import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { Meter } from '@/components/status/meter'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import type { DatabaseOverviewData } from '@/lib/console/areas/database/views/overview'
import { formatBytes, formatExact, formatShort } from '@/lib/core/number-format'

/** Postgres assigns no transaction ids beyond about this age. */
const MOST_AGE = 2_100_000_000

type Overview = NonNullable<DatabaseOverviewData['overview']>

/** What the server is, and what the console's account may do on it. */
export function ServerPanel({ name, overview }: { name: string; overview: Overview }) {
  const { server, figures, size } = overview
  return (
    <Panel title="Server">
      <PartBoundary part={server} what={`Postgres ${name}`}>
        {facts => (
          <>
            <KeyValue
              className="p-3.5 tabular-nums"
              facts={[
                { label: 'Version', value: `Postgres ${facts.version}, ${facts.role}` },
                { label: 'Started', value: <RelativeTime at={facts.startedAt} /> },
                { label: 'Database', value: <Name database={facts.database} size={size} /> },
                { label: 'Account', value: <Account account={facts.account} pooled={facts.pooled} /> },
                ...(figures.status === 'down' ? [] : factsOf(figures.data)),
              ]}
            />
            <Capabilities capabilities={facts.rights.map(({ grant, ...right }) => ({ ...right, remedy: grant }))} />
          </>
        )}
      </PartBoundary>
    </Panel>
  )
}

function Name({ database, size }: { database: string; size: Overview['size'] }) {
  return (
    <>
      <code>{database}</code>{' '}
      <span className="text-muted">
        {size.status === 'down' ? (
          <>size not known: {size.reason}</>
        ) : (
          `${formatBytes(size.data.database)}, of ${formatBytes(size.data.all)} on the server`
        )}
      </span>
    </>
  )
}

function Account({ account, pooled }: { account: string; pooled: boolean }) {
  return (
    <>
      <code>{account}</code>
      {pooled ? (
        <span className="block text-muted">
          The address leads through a pooler: sessions on it serve one client after another, so a session may not be the
          one of the service that it names. Migrations need a direct address.
        </span>
      ) : null}
    </>
  )
}

type Figures = Extract<Overview['figures'], { status: 'up' }>['data']

function factsOf(figures: Figures): Fact[] {
  const { oldestAge, freezeAt, blocksHit, blocksRead, deadlocks, temporaryBytes, statsResetAt } = figures
  const since = statsResetAt === undefined ? 'since it was made' : undefined
  return [
    {
      label: 'Longest open',
      value:
        figures.longestTransactionMs === undefined ? (
          <span className="text-muted">no transaction is open</span>
        ) : (
          <>
            <Duration ms={figures.longestTransactionMs} /> <span className="text-muted">transaction</span>
          </>
        ),
    },
    {
      label: 'Counted since',
      value: (
        <>
          {since ?? <RelativeTime at={statsResetAt ?? 0} />}
          <span className="block text-muted">
            cache hit{' '}
            {blocksHit + blocksRead === 0 ? (
              <Unknown />
            ) : (
              <ShortNumber as="percent" value={blocksHit / (blocksHit + blocksRead)} />
            )}
            , {formatExact(deadlocks)} deadlocks, <ShortNumber as="bytes" value={temporaryBytes} /> of temporary files
          </span>
        </>
      ),
    },
    {
      label: 'Oldest row',
      value: (
        <>
          <span className="inline-flex items-center gap-2">
            <Meter
              label="Age of the oldest row against what Postgres allows"
              value={oldestAge.transactions}
              max={MOST_AGE}
              threshold={freezeAt}
              status={
                oldestAge.transactions > MOST_AGE * 0.8 ? 'bad' : oldestAge.transactions > 1e9 ? 'warning' : 'good'
              }
            />
            {formatShort(oldestAge.transactions)} transactions old
          </span>
          <span className="block text-muted">
            in {oldestAge.database}; vacuum freezes at {formatShort(freezeAt)}, the end is at {formatShort(MOST_AGE)}
          </span>
        </>
      ),
    },
  ]
}
