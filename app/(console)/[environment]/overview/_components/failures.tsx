import { Meter } from '@/components/status/meter'
import { formatExact, formatPercent } from '@/components/status/number-format'
import type { Status } from '@/components/status/status-mark'
import type { ShownState } from '@/lib/console/breakers/collect'
import type { BreakerGroup } from '@/lib/console/breakers/group'

const fill: Record<ShownState, Status> = { open: 'bad', 'half-open': 'warning', closed: 'good', unknown: 'unknown' }

/** `23 of 25, trips at 40 %`, with the distance drawn: failures of the window beside the share or the run that trips it. */
export function FailuresAgainstThreshold({ group }: { group: BreakerGroup }) {
  const { policy, window, counts, processes, state } = group
  if (state === 'unknown') return <span className="text-muted">its processes are silent</span>
  const known = processes - counts.unknown
  // Each process counts a run of its own: together they could hold this many before the last of them trips.
  const max = policy.kind === 'consecutive' ? policy.failures * known : window.calls
  const threshold = policy.kind === 'consecutive' ? undefined : policy.threshold * max
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Meter
        label={`Failures of ${group.name}`}
        value={max === 0 ? undefined : window.failures}
        max={Math.max(1, max)}
        threshold={max === 0 ? undefined : threshold}
        status={window.failures === 0 ? 'good' : fill[state]}
        className="w-24 max-wide:w-16"
      />
      <span className="min-w-0 truncate tabular-nums">
        {words(group, known)}
        {group.mixedPolicy ? <span className="text-muted">, policies differ</span> : null}
      </span>
    </span>
  )
}

function words({ policy, window }: BreakerGroup, processes: number) {
  if (policy.kind === 'consecutive') {
    return (
      <>
        {formatExact(window.failures)} in a row
        <span className="text-muted">
          , trips at {formatExact(policy.failures)}
          {processes > 1 ? ' in one' : ''}
        </span>
      </>
    )
  }
  const trips = <span className="text-muted">, trips at {formatPercent(policy.threshold)}</span>
  if (window.calls === 0) return <span className="text-muted">no calls{trips}</span>
  return (
    <>
      {formatExact(window.failures)} of {formatExact(window.calls)}
      {trips}
    </>
  )
}
