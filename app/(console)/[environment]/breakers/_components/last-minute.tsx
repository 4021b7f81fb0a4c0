import { FailureClasses, Latency } from '@/app/(console)/_parts/breakers/last-minute-figures'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { KeyValue } from '@/components/status/key-value'
import { ShortNumber } from '@/components/status/short-number'
import type { BreakerGroup } from '@/lib/console/areas/breakers/group'
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
        <FailureClasses stats={stats} />
      </Section>
    </>
  )
}

function Quiet({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>
}
