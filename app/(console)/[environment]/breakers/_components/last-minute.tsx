import { Section } from '@/app/(console)/_parts/sheets/section'
import { Duration } from '@/components/status/duration'
import { KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import type { BreakerGroup } from '@/lib/console/areas/breakers/group'
import type { GroupFailureClass, GroupStats } from '@/lib/console/areas/breakers/group-stats'
import { formatPercent } from '@/lib/core/number-format'

/** What the calls of the last minute did: how many, how long they took, and how they failed. */
export function LastMinute({ group }: { group: BreakerGroup }) {
  const { stats } = group
  if (!stats)
    return (
      <Section title="Last minute">
        <p className="px-4 text-md text-muted">
          No call in the last minute was measured. A breaker measures from its first call on; one of another library, or
          of an older version of this one, does not.
        </p>
      </Section>
    )
  const { calls, failures, latencyMs, measuring, living } = stats
  return (
    <>
      <Section
        title="Last minute"
        note={measuring < living ? `measured in ${measuring} of ${living} processes` : undefined}
      >
        <KeyValue
          className="px-4 pb-1"
          facts={[
            {
              label: 'Calls',
              value: (
                <>
                  <ShortNumber value={calls} />
                  <Quiet> made, </Quiet>
                  <ShortNumber value={stats.rejected} />
                  <Quiet> rejected</Quiet>
                </>
              ),
            },
            {
              label: 'Failed',
              value: (
                <>
                  <ShortNumber value={failures} />
                  {calls > 0 ? <Quiet>{` of them, ${formatPercent(failures / calls)}; `}</Quiet> : <Quiet>; </Quiet>}
                  <ShortNumber value={stats.timeouts} />
                  <Quiet> by timeout</Quiet>
                </>
              ),
            },
            {
              label: 'Not counted',
              value: (
                <>
                  <ShortNumber value={stats.ignored} />
                  <Quiet> expected errors and calls aborted by their caller</Quiet>
                </>
              ),
            },
            {
              label: 'Slow',
              value: (
                <>
                  <ShortNumber value={stats.slow} />
                  <Quiet> calls slower than their limit</Quiet>
                </>
              ),
            },
            { label: 'Latency', value: latencyMs ? <Latency latency={latencyMs} alone={measuring === 1} /> : '–' },
          ]}
        />
      </Section>
      <Section title="Failures by class">
        {stats.failureClasses.length === 0 ? (
          <p className="px-4 text-md text-muted">No call failed in the last minute.</p>
        ) : (
          <ul className="divide-y divide-line">
            {stats.failureClasses.map(one => (
              <FailureClass key={`${one.name} ${one.code}`} one={one} failures={failures} />
            ))}
            {stats.otherFailures > 0 ? (
              <li className="px-4 py-1.5 text-md text-muted">
                <ShortNumber value={stats.otherFailures} /> of other classes
              </li>
            ) : null}
          </ul>
        )}
      </Section>
    </>
  )
}

function Latency({ latency, alone }: { latency: NonNullable<GroupStats['latencyMs']>; alone: boolean }) {
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

function Quiet({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>
}
