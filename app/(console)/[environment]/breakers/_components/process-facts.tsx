import { Countdown } from '@/components/status/countdown'
import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import type { BreakerInstance } from '@/lib/console/areas/breakers/collect'

/** The breaker as one process sees it. */
export function ProcessFacts({ member }: { member: BreakerInstance }) {
  const { computed, tripped, forced, totals, lastFailure, rule, halfOpenAfterMs, timeoutMs } = member
  const facts: Fact[] = [
    {
      label: 'Computed',
      value: (
        <>
          {computed.state} <Quiet>since</Quiet> <RelativeTime at={tripped?.at ?? computed.since} as="clock" />
          {computed.frozenSince === undefined ? null : (
            <>
              <Quiet>, frozen since</Quiet> <RelativeTime at={computed.frozenSince} as="clock" />
            </>
          )}
        </>
      ),
    },
    { label: 'Forced', value: forced ? <Forced forced={forced} /> : <Quiet>no</Quiet> },
    {
      label: 'Rule',
      value: (
        <>
          It {rule}. <Quiet>Half-open after</Quiet> <Duration ms={halfOpenAfterMs} />
          {timeoutMs === undefined ? null : (
            <>
              <Quiet>, calls time out after</Quiet> <Duration ms={timeoutMs} />
            </>
          )}
          .
        </>
      ),
    },
    {
      label: 'Calls so far',
      value: (
        <>
          <ShortNumber value={totals.successes} /> <Quiet>succeeded,</Quiet> <ShortNumber value={totals.failures} />{' '}
          <Quiet>failed (</Quiet>
          <ShortNumber value={totals.timeouts} /> <Quiet>by timeout),</Quiet> <ShortNumber value={totals.rejected} />{' '}
          <Quiet>rejected; opened</Quiet> <ShortNumber value={totals.opened} /> <Quiet>times</Quiet>
        </>
      ),
    },
  ]
  if (lastFailure)
    facts.push({
      label: 'Last failure',
      value: (
        <>
          <code className="break-words">{lastFailure.message}</code>{' '}
          <RelativeTime at={lastFailure.at} className="text-muted" />
        </>
      ),
    })
  return <KeyValue facts={facts} />
}

function Forced({ forced }: { forced: NonNullable<BreakerInstance['forced']> }) {
  return (
    <>
      {forced.state}{' '}
      {forced.until === undefined ? (
        'until released'
      ) : (
        <>
          <Quiet>for</Quiet> <Countdown until={forced.until} done="a moment" />
        </>
      )}
      <Quiet>, by</Quiet> {forced.by}
      <Quiet>:</Quiet> <span className="break-words">{forced.reason}</span>
    </>
  )
}

function Quiet({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>
}
