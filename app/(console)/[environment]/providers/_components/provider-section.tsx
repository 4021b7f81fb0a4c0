import { breakerStatus } from '@/app/(console)/_parts/breakers/breaker-state'
import { FailureClasses, Latency } from '@/app/(console)/_parts/breakers/last-minute-figures'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import type { ProviderRow } from '@/lib/console/areas/providers/sets'
import { formatExact, formatPercent } from '@/lib/core/number-format'

interface ProviderSectionProps {
  provider: ProviderRow
  /** From 1. */
  order: number
  /** Living processes of the set. */
  processes: number
}

/** One provider over all processes. */
export function ProviderSection({ provider, order, processes }: ProviderSectionProps) {
  const { name, serves, lastMinute } = provider
  return (
    <Section
      title={`${order}. ${name}`}
      note={serves > 0 ? `serves ${formatExact(serves)} of ${formatExact(processes)}` : undefined}
    >
      <KeyValue className="px-4 pb-2" facts={factsOf(provider)} />
      {lastMinute && lastMinute.failures > 0 ? <FailureClasses stats={lastMinute} /> : null}
    </Section>
  )
}

function factsOf({ breakers, calls, failures, lastMinute, quota, lastFailure }: ProviderRow): Fact[] {
  const facts: Fact[] = [{ label: 'Breaker', value: <Breakers breakers={breakers} /> }]
  if (lastMinute)
    facts.push({
      label: 'Last minute',
      value: (
        <>
          <ShortNumber value={lastMinute.calls} /> <span className="text-muted">calls,</span>{' '}
          <ShortNumber value={lastMinute.failures} className={lastMinute.failures > 0 ? 'text-bad' : ''} />{' '}
          <span className="text-muted">
            failed{lastMinute.calls > 0 ? ` (${formatPercent(lastMinute.failures / lastMinute.calls)})` : ''},
          </span>{' '}
          <ShortNumber value={lastMinute.rejected} /> <span className="text-muted">rejected before they were made</span>
        </>
      ),
    })
  if (lastMinute?.latencyMs)
    facts.push({
      label: 'Latency',
      value: <Latency latency={lastMinute.latencyMs} alone={lastMinute.measuring === 1} />,
    })
  if (quota)
    facts.push({
      label: 'Quota left',
      value: (
        <>
          <span className={quota.remaining === 0 ? 'text-warning' : ''}>{formatExact(quota.remaining)}</span>
          {quota.limit === undefined ? null : <span className="text-muted"> of {formatExact(quota.limit)}</span>}
          {quota.resetsAt === undefined ? null : (
            <span className="text-muted">
              , whole again <RelativeTime at={quota.resetsAt} />
            </span>
          )}
        </>
      ),
    })
  facts.push({
    label: 'Since start',
    value: (
      <>
        <ShortNumber value={calls} /> <span className="text-muted">calls,</span> <ShortNumber value={failures} />{' '}
        <span className="text-muted">failed</span>
      </>
    ),
  })
  if (lastFailure)
    facts.push({
      label: 'Last failure',
      value: (
        <>
          <code className="text-sm break-words">{lastFailure.message}</code>{' '}
          <RelativeTime at={lastFailure.at} className="text-sm text-muted" />
        </>
      ),
    })
  return facts
}

/** `open in 1, closed in 2`; a state alone says no number. */
function Breakers({ breakers }: { breakers: ProviderRow['breakers'] }) {
  const states = (['open', 'half-open', 'closed'] as const).filter(state => breakers[state] !== undefined)
  if (states.length === 0) return <span className="text-muted">none</span>
  return (
    <span className="flex flex-wrap gap-x-3">
      {states.map(state => (
        <span key={state} className="inline-flex items-center gap-1.5">
          <StatusMark status={breakerStatus[state]} className="size-2.5" />
          {state}
          {states.length > 1 ? <span className="text-muted">in {formatExact(breakers[state] ?? 0)}</span> : null}
        </span>
      ))}
    </span>
  )
}
