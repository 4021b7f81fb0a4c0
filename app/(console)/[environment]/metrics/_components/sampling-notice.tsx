'use client'

import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { consoleNow, useNow } from '@/components/status/ticker'
import { Callout } from '@/components/ui/callout'
import type { Sampling } from '@/lib/console/areas/metrics/views/metrics'

/** Further behind than this (ms), nothing is being sampled. */
const LATE = 60_000

/** What keeps figures from being measured now: said once, above all charts that have a gap of it. */
export function SamplingNotice({ sampling: { state, fleet } }: { sampling: Sampling }) {
  const now = useNow(5_000) ?? consoleNow()
  if (fleet)
    return (
      <Notice>
        Nothing is measured since <RelativeTime at={fleet.since} as="clock" />: {fleet.reason}. It stays a gap.
      </Notice>
    )
  if (state.status === 'down' || state.data.series === 0) return null
  const { newest } = state.data
  if (newest === undefined || now - newest > LATE)
    return (
      <Notice>
        {newest === undefined ? (
          'Nothing was measured in the last hour'
        ) : (
          <>
            Nothing was measured since <RelativeTime at={newest} as="clock" />
          </>
        )}
        : no console samples this environment. One that reaches its Postgres directly takes it up within seconds.
      </Notice>
    )
  if (state.data.refused > 0)
    return (
      <Notice>
        {state.data.refused} series were not taken on, because there are too many: look for a label with ever new
        values.
      </Notice>
    )
  return null
}

function Notice({ children }: { children: React.ReactNode }) {
  return (
    <Callout role="status" tone="warning" mark={<StatusMark status="warning" />} className="mb-4">
      <p>{children}</p>
    </Callout>
  )
}
