'use client'
'use no memo'
// The virtualizer is one mutable object: the React compiler would take its first answer for the last.

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useLayoutEffect, useState } from 'react'

/** Above this many rows only those near the window are in the document. */
const VIRTUAL_ABOVE = 60

export interface VisibleRows {
  /** Indexes of the rows to render, with the empty space before and after them in px. */
  indexes: number[]
  before: number
  after: number
  measure?: (element: HTMLElement | null) => void
  scrollTo: (index: number) => void
}

interface VisibleRowsInput {
  count: number
  rowHeight: number
  keyOf: (index: number) => string
  table: RefObject<HTMLTableElement | null>
}

/** Which rows are worth rendering while the window scrolls. */
export function useVisibleRows({ count, rowHeight, keyOf, table }: VisibleRowsInput): VisibleRows {
  const virtual = count > VIRTUAL_ABOVE
  const [offset, setOffset] = useState(0)

  useLayoutEffect(() => {
    if (!virtual) return
    // What stands above the table may grow or go: look again whenever the page's height changes.
    const place = () => setOffset(Math.round((table.current?.getBoundingClientRect().top ?? 0) + window.scrollY))
    place()
    const observer = new ResizeObserver(place)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [virtual, table])

  const virtualizer = useWindowVirtualizer({
    count,
    enabled: virtual,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 12,
    scrollMargin: offset,
    initialRect: { width: 1_200, height: 1_000 },
  })

  if (!virtual) {
    return { indexes: Array.from({ length: count }, (_, index) => index), before: 0, after: 0, scrollTo: () => {} }
  }
  const items = virtualizer.getVirtualItems()
  const first = items.at(0)
  const last = items.at(-1)
  return {
    indexes: items.map(item => item.index),
    before: first ? Math.max(0, first.start - offset) : 0,
    after: last ? Math.max(0, virtualizer.getTotalSize() - (last.end - offset)) : 0,
    measure: virtualizer.measureElement,
    scrollTo: index => virtualizer.scrollToIndex(index, { align: 'auto' }),
  }
}
