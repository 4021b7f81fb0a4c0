import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import type { GroupFailureClass, GroupStats } from '@/lib/console/areas/breakers/group-stats'
import { formatPercent } from '@/lib/core/number-format'

/** How the calls of the last minute failed, the most frequent first. */
export function FailureClasses({ stats }: { stats: GroupStats }) {
  if (stats.failureClasses.length === 0)
    return <p className="px-4 text-md text-muted">No call failed in the last minute.</p>
  return (
    <ul className="divide-y divide-line">
      {stats.failureClasses.map(one => (
        <FailureClass key={`${one.name} ${one.code}`} one={one} failures={stats.failures} />
      ))}
      {stats.otherFailures > 0 ? (
        <li className="px-4 py-1.5 text-md text-muted">
          <ShortNumber value={stats.otherFailures} /> of other classes
        </li>
      ) : null}
    </ul>
  )
}

export function Latency({ latency, alone }: { latency: NonNullable<GroupStats['latencyMs']>; alone: boolean }) {
  return (
    <>
      <span className="inline-flex flex-wrap gap-x-4">
        {(['p50', 'p95', 'p99'] as const).map(key => (
          <span key={key}>
            <span className="text-muted">{key} </span>
            <Duration ms={latency[key]} />
          </span>
        ))}
      </span>
      {alone ? null : (
        <p className="flex gap-1 text-sm text-muted">
          <span className="shrink-0">of the slowest process,</span>
          <MiddleTruncate text={latency.instance} />
        </p>
      )}
    </>
  )
}

function FailureClass({ one, failures }: { one: GroupFailureClass; failures: number }) {
  const { name, code, count, message, at, instance } = one
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-4 py-1.5 text-md">
      <span className="min-w-0 font-medium">
        {name}
        {code ? <code className="ml-1.5 text-sm font-normal text-muted">{code}</code> : null}
      </span>
      <span className="text-right tabular-nums">
        <ShortNumber value={count} />
        <span className="ml-1.5 text-sm text-muted">{failures > 0 ? formatPercent(count / failures) : null}</span>
      </span>
      <span className="min-w-0">
        <code className="text-sm break-words">{message}</code>
      </span>
      <span className="text-right text-sm whitespace-nowrap text-muted" title={instance}>
        <RelativeTime at={at} />
      </span>
    </li>
  )
}
