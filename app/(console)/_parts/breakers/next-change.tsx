'use client'

import { Countdown } from '@/components/status/countdown'
import { useNow } from '@/components/status/ticker'
import type { BreakerInstance, ShownState } from '@/lib/console/areas/breakers/collect'
import type { BreakerGroup } from '@/lib/console/areas/breakers/group'

export interface Upcoming {
  state: ShownState
  /** It is held by an operator, until then or until it is released. */
  forced?: { until?: number }
  probeAt?: number
}

export function upcomingOf({ state, forced, probeAt, counts }: BreakerGroup): Upcoming {
  // Forced in a part of the processes only: those that open on their own still probe.
  const all = forced !== undefined && forced.count >= counts.open && probeAt === undefined
  return { state, forced: all ? forced : undefined, probeAt }
}

export function upcomingIn({ effective, forced, probeAt }: BreakerInstance): Upcoming {
  return { state: effective, forced, probeAt }
}

/** What will change it on its own, and when: its next probe, or the end of a forced state. */
export function NextChange({ state, forced, probeAt }: Upcoming) {
  if (state === 'unknown') return <None />
  if (forced)
    return forced.until === undefined ? (
      <span className="text-muted">held until released</span>
    ) : (
      <>
        <span className="text-muted">held for</span> <Countdown until={forced.until} done="a moment" />
      </>
    )
  if (state === 'half-open') return <>probing now</>
  if (state !== 'open' || probeAt === undefined) return <None />
  return <Probe at={probeAt} />
}

function Probe({ at }: { at: number }) {
  const now = useNow()
  if (now !== undefined && now >= at)
    return <span title="Its wait is over: the next call goes through as the probe.">probe due, with the next call</span>
  return (
    <>
      <span className="text-muted">probe in</span> <Countdown until={at} />
    </>
  )
}

function None() {
  return (
    <span className="text-faint">
      <span aria-hidden>–</span>
      <span className="sr-only">nothing is due</span>
    </span>
  )
}
