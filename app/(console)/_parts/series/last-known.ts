'use client'

import { useState } from 'react'
import type { Part } from '@/lib/console/platform/part/part'

/** A part that goes down keeps on screen what it last said, as stale: a chart that was there a moment ago is still worth reading. */
export function useLastKnown<T>(part: Part<T>): Part<T> {
  const [last, setLast] = useState<Extract<Part<T>, { status: 'up' }>>()
  if (part.status === 'up' && part !== last) setLast(part)
  if (part.status !== 'down' || !last) return part
  return { ...part, status: 'stale', data: last.data, at: last.at }
}
