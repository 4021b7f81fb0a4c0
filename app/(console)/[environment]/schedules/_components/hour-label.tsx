'use client'

import { useNow } from '@/components/status/ticker'

/** The hour in the reader's own zone, which the server does not know. */
export function HourLabel({ at, shown }: { at: number; shown: boolean }) {
  const now = useNow(3_600_000)
  return (
    <span aria-hidden className="h-4 overflow-visible text-xs whitespace-nowrap text-muted tabular-nums">
      {shown && now !== undefined ? `${String(new Date(at).getHours()).padStart(2, '0')}:00` : ''}
    </span>
  )
}
