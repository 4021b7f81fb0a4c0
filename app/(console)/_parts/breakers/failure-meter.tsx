import { Meter } from '@/components/status/meter'
import type { Status } from '@/components/status/status-mark'
import type { BreakerInstance, ShownState } from '@/lib/console/areas/breakers/collect'
import type { BreakerGroup } from '@/lib/console/areas/breakers/group'
import { formatExact, formatPercent } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'

type Policy = BreakerInstance['policy']

/** Figures against the threshold they are measured by. */
export interface Measured {
  name: string
  state: ShownState
  policy: Policy
  /** The policy in words. */
  rule: string
  calls: number
  failures: number
  /** `opened`: what it opened at, because an open breaker makes no calls to count. */
  when: 'opened' | 'now'
  /** Its processes do not share one policy; this is one of them. */
  mixed?: boolean
}

export function measuredOf(group: BreakerGroup): Measured {
  const { name, state, policy, rule, measured, mixedPolicy } = group
  return { name, state, policy, rule, ...measured, mixed: mixedPolicy }
}

export function measuredIn({ breaker, effective, policy, rule, tripped, window }: BreakerInstance): Measured {
  return { name: breaker, state: effective, policy, rule, ...(tripped ?? window), when: tripped ? 'opened' : 'now' }
}

interface FailureMeterProps {
  measured: Measured
  /** Without the threshold in words, where the whole rule is beside it. */
  brief?: boolean
  className?: string
}

/** `23 of 25, trips at 50 %`, with the distance drawn. The whole rule is in the title. */
export function FailureMeter({ measured, brief = false, className }: FailureMeterProps) {
  const { name, policy, rule, calls, failures, when } = measured
  const inARow = policy.kind === 'consecutive'
  const known = inARow || calls > 0
  return (
    <span
      className="flex min-w-0 items-center gap-2"
      title={`${when === 'opened' ? 'When it opened. ' : ''}It ${rule}.${measured.mixed ? ' Its processes have different rules.' : ''}`}
    >
      <Meter
        label={`Failures of ${name} against its threshold`}
        value={known ? (inARow ? failures : failures / calls) : undefined}
        max={inARow ? policy.failures : 1}
        threshold={inARow ? policy.failures : policy.threshold}
        status={statusOf(measured)}
        className={className ?? 'w-24'}
      />
      <span className="min-w-0 truncate whitespace-nowrap tabular-nums">
        <Words measured={measured} brief={brief} />
      </span>
    </span>
  )
}

function Words({ measured, brief }: { measured: Measured; brief: boolean }) {
  const { policy, calls, failures, mixed } = measured
  const differ = mixed ? <span className="text-muted">, rules differ</span> : null
  if (policy.kind === 'consecutive')
    return (
      <>
        {formatExact(failures)} of {formatExact(policy.failures)} <span className="text-muted">in a row</span>
        {differ}
      </>
    )
  // Past the threshold and closed: its rule waits for more calls before it counts.
  const tooFew = measured.state === 'closed' && calls > 0 && failures / calls >= policy.threshold
  const trips = (
    <span className="text-muted">
      {tooFew ? 'too few calls to trip' : `trips at ${formatPercent(policy.threshold)}`}
    </span>
  )
  return (
    <>
      {calls === 0 ? (
        <span className="text-muted">no calls{windowWords(policy)}</span>
      ) : (
        `${formatExact(failures)} of ${formatExact(calls)}`
      )}
      {brief ? null : <>, {trips}</>}
      {differ}
    </>
  )
}

/** ` in 30 s`, after a count of calls. */
function windowWords(policy: Policy): string {
  return policy.kind === 'sampling' ? ` in ${formatDuration(policy.durationMs)}` : ''
}

/** The colour follows the state; while closed, the way past half of the threshold is a warning. */
function statusOf({ state, policy, calls, failures }: Measured): Status {
  if (state === 'open') return 'bad'
  if (state === 'half-open') return 'warning'
  if (state === 'unknown') return 'unknown'
  const share =
    policy.kind === 'consecutive' ? failures / policy.failures : calls > 0 ? failures / calls / policy.threshold : 0
  return share > 0.5 ? 'warning' : 'good'
}
