import { breakerStatus } from '@/app/(console)/_parts/breakers/breaker-state'
import { FailureMeter, measuredOf } from '@/app/(console)/_parts/breakers/failure-meter'
import { NextChange, upcomingOf } from '@/app/(console)/_parts/breakers/next-change'
import { RunbookLink } from '@/app/(console)/_parts/ownership/owner-and-runbook'
import { Countdown } from '@/components/status/countdown'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import type { ShownState } from '@/lib/console/areas/breakers/collect'
import type { BreakerGroup } from '@/lib/console/areas/breakers/group'
import type { Computed } from '@/lib/console/areas/breakers/views/breaker'

/** What the calls led to, what an operator holds, and the state that results: the three are never mixed. */
export function BreakerFacts({ group, computed }: { group: BreakerGroup; computed: Computed }) {
  const { forced, lastFailure, totals } = group
  const facts: Fact[] = [
    { label: 'Computed', value: <ComputedState computed={computed} /> },
    { label: 'Forced', value: forced ? <Forced forced={forced} processes={group.processes} /> : <Quiet>no</Quiet> },
    {
      label: 'Effective',
      value: (
        <>
          <Counted counts={group.counts} /> <Since at={group.since} />
        </>
      ),
    },
    {
      label: 'Failures',
      value: (
        <>
          <FailureMeter measured={measuredOf(group)} brief className="w-28" />
          <p className="text-sm text-muted">
            {group.measured.when === 'opened' ? 'As they were when it opened. ' : null}
            It {group.rule}.{group.mixedPolicy ? ' Its processes have different rules; each is listed below.' : null}
          </p>
        </>
      ),
    },
    ...(group.changed ? [{ label: 'Policy', value: <Changed changed={group.changed} of={group.processes} /> }] : []),
    { label: 'Next', value: <NextChange {...upcomingOf(group)} /> },
    {
      label: 'Last failure',
      value: lastFailure ? (
        <>
          <code className="break-words">{lastFailure.message}</code>
          <p className="flex gap-1 text-sm text-muted">
            <span className="shrink-0">
              <RelativeTime at={lastFailure.at} /> in
            </span>
            <MiddleTruncate text={lastFailure.instance} />
          </p>
        </>
      ) : (
        <Quiet>none since its processes started</Quiet>
      ),
    },
    {
      label: 'Calls so far',
      value: (
        <>
          <ShortNumber value={totals.successes} /> <Quiet>succeeded,</Quiet> <ShortNumber value={totals.failures} />{' '}
          <Quiet>failed,</Quiet> <ShortNumber value={totals.rejected} /> <Quiet>rejected</Quiet>
        </>
      ),
    },
    { label: 'Owner', value: group.owner ?? <Quiet>not registered</Quiet> },
    {
      label: 'Runbook',
      value: group.runbook ? <RunbookLink runbook={group.runbook} /> : <Quiet>not registered</Quiet>,
    },
  ]
  return <KeyValue facts={facts} className="px-4 py-3.5" />
}

function ComputedState({ computed }: { computed: Computed }) {
  return (
    <>
      <Counted counts={computed.counts} />
      {computed.since === undefined ? null : (
        <>
          {' '}
          <Since at={computed.since} />
        </>
      )}
      {computed.frozenSince === undefined ? null : (
        <p className="text-sm text-muted">
          Frozen since <RelativeTime at={computed.frozenSince} as="clock" /> where it is held: calls do not move it
          there.
        </p>
      )}
    </>
  )
}

function Forced({ forced, processes }: { forced: NonNullable<BreakerGroup['forced']>; processes: number }) {
  return (
    <>
      {forced.states.join(' and ')} in {forced.count} of {processes},{' '}
      {forced.until === undefined ? (
        'until released'
      ) : (
        <>
          for <Countdown until={forced.until} done="a moment" className="font-medium" />
        </>
      )}
      <p className="break-words">
        <Quiet>by</Quiet> {forced.by.join(', ')}
        <Quiet>:</Quiet> {forced.reason}
      </p>
    </>
  )
}

function Changed({ changed, of }: { changed: NonNullable<BreakerGroup['changed']>; of: number }) {
  return (
    <>
      changed in {changed.count} of {of},{' '}
      {changed.until === undefined ? (
        'until restored'
      ) : (
        <>
          for <Countdown until={changed.until} done="a moment" className="font-medium" />
        </>
      )}
      <p className="break-words">
        <Quiet>by</Quiet> {changed.by.join(', ')}
        <Quiet>:</Quiet> {changed.reason}
      </p>
      <p className="text-sm text-muted">Declared: {changed.declared}.</p>
    </>
  )
}

const ORDER: ShownState[] = ['open', 'half-open', 'unknown', 'closed']
const WORDS: Record<ShownState, string> = {
  open: 'open',
  'half-open': 'half-open',
  closed: 'closed',
  unknown: 'unknown',
}

/** `open in 2, closed in 1 of 3`: every state that some process is in. */
function Counted({ counts }: { counts: Partial<Record<ShownState, number>> }) {
  const present = ORDER.filter(state => (counts[state] ?? 0) > 0)
  const total = present.reduce((sum, state) => sum + (counts[state] ?? 0), 0)
  if (total === 0) return <Quiet>not known: its processes are silent</Quiet>
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      {present.map((state, index) => (
        <span key={state} className="inline-flex items-center gap-1.5">
          <StatusMark status={breakerStatus[state]} className="size-2.5" />
          {WORDS[state]} in {counts[state]}
          {index === present.length - 1 ? ` of ${total}` : ','}
        </span>
      ))}
    </span>
  )
}

function Since({ at }: { at: number }) {
  return (
    <>
      <Quiet>since</Quiet> <RelativeTime at={at} as="clock" />
      <Quiet>,</Quiet> <RelativeTime at={at} as="age" className="text-muted" />
    </>
  )
}

function Quiet({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>
}
