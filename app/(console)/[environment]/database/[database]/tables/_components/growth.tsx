'use client'

import { formatBytes } from '@/lib/core/number-format'

/** What a table grew by in a day. */
export function Growth({ bytes }: { bytes: number }) {
  if (Math.abs(bytes) < 1) return <span className="text-faint">none</span>
  return (
    <span title="In a day">
      {bytes > 0 ? '+' : '−'}
      {formatBytes(Math.abs(bytes))}
    </span>
  )
}
