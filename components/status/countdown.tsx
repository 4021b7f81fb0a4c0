'use client'

import { useNow } from '@/components/status/ticker'
import { formatAbsolute, formatWhole } from '@/lib/core/time-format'

interface CountdownProps {
  /** ms since the epoch, on the console's clock. */
  until: number
  /** What it says once the time is over. */
  done?: string
  className?: string
}

/** The time left, second by second: `12 s`, `14 min 3 s`. */
export function Countdown({ until, done = 'now', className }: CountdownProps) {
  const now = useNow()
  // Rounded up, so that the last second is shown as one and not as none.
  const left = until - (now ?? Date.now())
  return (
    <time
      key={now === undefined ? 'server' : 'browser'}
      dateTime={new Date(until).toISOString()}
      title={now === undefined ? undefined : formatAbsolute(until)}
      suppressHydrationWarning
      className={className}
    >
      {left <= 0 ? done : formatWhole(Math.ceil(left / 1_000) * 1_000)}
    </time>
  )
}
