'use client'

import { useNow } from '@/components/status/ticker'
import { formatAbsolute, formatMoment, formatRelative, formatWhole } from '@/lib/core/time-format'

type TimeWords = 'relative' | 'age' | 'clock'

interface RelativeTimeProps {
  /** ms since the epoch, on the console's clock. */
  at: number
  /** `relative`: 6 min ago. `age`: 6 min 2 s, under a heading that says since what. `clock`: 04:02:11, with its date on another day. */
  as?: TimeWords
  className?: string
}

/** When, in the shortest words that are true now; the exact time with its zone is in the title. */
export function RelativeTime({ at, as = 'relative', className }: RelativeTimeProps) {
  const words = useWords(at, as)
  // Until hydrated the two sides disagree about time and zone; the new key then replaces what the server wrote.
  return (
    <time
      key={words === undefined ? 'server' : 'browser'}
      dateTime={isoOf(at)}
      title={words === undefined ? undefined : formatAbsolute(at)}
      suppressHydrationWarning
      className={className}
    >
      {words ?? serverWords(at, as)}
    </time>
  )
}

function useWords(at: number, as: TimeWords): string | undefined {
  const now = useNow(as === 'clock' ? 3_600_000 : 1_000)
  return now === undefined ? undefined : wordsOf(at, as, now)
}

function wordsOf(at: number, as: TimeWords, now: number) {
  switch (as) {
    case 'relative':
      return formatRelative(at, now)
    case 'age':
      return formatWhole(now - at)
    case 'clock':
      return formatMoment(at, now)
  }
}

function serverWords(at: number, as: TimeWords) {
  if (as !== 'clock') return wordsOf(at, as, Date.now())
  const [day, clock] = (isoOf(at) ?? '').split('T')
  return `${day === isoOf(Date.now())?.slice(0, 10) ? '' : `${day} `}${clock?.slice(0, 8)} UTC`
}

function isoOf(at: number) {
  const time = new Date(at)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}
