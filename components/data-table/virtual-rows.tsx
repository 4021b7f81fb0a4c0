'use client'
'use no memo'
// The virtualizer is one mutable object: the React compiler would take its first answer for the last.

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type Ref, type RefObject, useEffect, useLayoutEffect, useState } from 'react'

/** Of a row in one line (px). */
const ROW_HEIGHT = 33

interface VirtualRowsProps {
  count: number
  keyOf: (index: number) => string
  table: RefObject<HTMLTableElement | null>
  /** Filled with the way to bring a row into the document. */
  scroller: RefObject<(index: number) => void>
  row: (index: number, measure: Ref<HTMLTableRowElement>) => ReactNode
}

/** Of a long table, the rows near the window; the others are empty space of their height. */
export function VirtualRows({ count, keyOf, table, scroller, row }: VirtualRowsProps) {
  const [offset, setOffset] = useState(0)

  useLayoutEffect(() => {
    // What is above the table may grow or go: measure again whenever the page's height changes.
    const place = () => setOffset(Math.round((table.current?.getBoundingClientRect().top ?? 0) + window.scrollY))
    place()
    const observer = new ResizeObserver(place)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [table])

  const virtualizer = useWindowVirtualizer({
    count,
    // Rows of two lines are measured when they are there.
    estimateSize: () => ROW_HEIGHT,
    getItemKey: keyOf,
    overscan: 12,
    scrollMargin: offset,
    initialRect: { width: 1_200, height: 1_000 },
  })

  useEffect(() => {
    scroller.current = index => virtualizer.scrollToIndex(index, { align: 'auto' })
  }, [scroller, virtualizer])

  const items = virtualizer.getVirtualItems()
  const first = items.at(0)
  const last = items.at(-1)
  return (
    <>
      <Gap height={first ? first.start - offset : 0} />
      {items.map(item => row(item.index, virtualizer.measureElement))}
      <Gap height={last ? virtualizer.getTotalSize() - (last.end - offset) : 0} />
    </>
  )
}

function Gap({ height }: { height: number }) {
  if (height <= 0) return null
  return (
    <tr aria-hidden>
      <td style={{ height, padding: 0 }} />
    </tr>
  )
}
