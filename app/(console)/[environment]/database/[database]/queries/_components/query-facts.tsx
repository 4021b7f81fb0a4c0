import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import type { QueryRow } from '@/lib/console/areas/database/statements/rows'
import { formatPercent } from '@/lib/core/number-format'

interface QueryFactsProps {
  row: QueryRow
  resetAt: number | undefined
  /** Why nothing is known of what services have measured. */
  measuredMissing: string | undefined
}

export function QueryFacts({ row, resetAt, measuredMissing }: QueryFactsProps) {
  const { origin, accounts, calls, totalMs, deviationMs, maxMs, rows, hitBlocks, readBlocks, tempBlocks } = row
  const blocks = hitBlocks + readBlocks
  const facts: Fact[] = [
    {
      label: 'Sent by',
      value: origin ? (
        <>
          {Object.entries(origin).map(([key, value]) => (
            <span key={key} className="mr-3">
              <span className="text-muted">{key}</span> {value}
            </span>
          ))}
          <span className="block text-sm text-muted">
            As the first call said: others that send the same statement are counted with it.
          </span>
        </>
      ) : (
        <span className="text-muted">no comment says who; database({'{ origin }'}) writes one</span>
      ),
    },
    { label: 'Accounts', value: accounts.join(', ') },
    {
      label: 'Calls',
      value: (
        <>
          <ShortNumber value={calls} />
          {resetAt === undefined ? null : (
            <span className="text-muted">
              {' '}
              since <RelativeTime at={resetAt} />
            </span>
          )}
        </>
      ),
    },
    {
      label: 'Time of a call',
      value: (
        <>
          <Duration ms={totalMs / Math.max(1, calls)} /> <span className="text-muted">mean, deviation</span>{' '}
          <Duration ms={deviationMs} />
          <span className="text-muted">, largest</span> <Duration ms={maxMs} />
        </>
      ),
    },
    { label: 'Percentiles', value: <Percentiles measured={row.measured} missing={measuredMissing} /> },
    {
      label: 'Rows of a call',
      value: <ShortNumber value={rows / Math.max(1, calls)} />,
    },
    {
      label: 'Cache hit',
      value: blocks === 0 ? <span className="text-muted">reads no blocks</span> : formatPercent(hitBlocks / blocks),
    },
    ...(tempBlocks > 0 ? [{ label: 'Spilled', value: <ShortNumber as="bytes" value={tempBlocks * 8_192} /> }] : []),
  ]
  return <KeyValue facts={facts} className="px-4 py-3.5 tabular-nums" />
}

/** Postgres keeps none; services that use the library measure them. */
function Percentiles({ measured, missing }: { measured: QueryRow['measured']; missing: string | undefined }) {
  if (!measured)
    return (
      <span className="text-muted">
        {missing === undefined
          ? 'not known: Postgres keeps none, and no process of the fleet reports this statement'
          : `not known: ${missing}`}
      </span>
    )
  const { processes, calls, p50, p95, p99 } = measured
  return (
    <>
      {Object.entries({ p50, p95, p99 }).map(([name, ms]) => (
        <span key={name} className="mr-3">
          <span className="text-muted">{name}</span> <Duration ms={ms} />
        </span>
      ))}
      <span className="block text-sm text-muted">
        measured by <ShortNumber value={processes} /> {processes === 1 ? 'process' : 'processes'},{' '}
        <ShortNumber value={calls} /> {calls === 1 ? 'call' : 'calls'} since they started, with the network
      </span>
    </>
  )
}
