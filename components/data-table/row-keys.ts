'use client'

import { type RefObject, useEffect, useEffectEvent } from 'react'
import { isTyping } from '@/components/ui/typing'

interface RowKeysInput {
  table: RefObject<HTMLTableElement | null>
  count: number
  /** Brings a row that is not in the document into it. */
  scrollTo: (index: number) => void
  onMark?: (index: number) => void
}

/**
 * `j k` move from row to row, `x` marks, Enter opens (the focused thing is the row's own link). The keys belong to the table that has the
 * focus, or to the first one on the page.
 */
export function useRowKeys({ table, count, scrollTo, onMark }: RowKeysInput) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (!table.current || !isTheOne(table.current)) return
    const at = focusedIndex(table.current)
    if (event.key === 'j' || event.key === 'k') {
      const next = at === undefined ? 0 : Math.min(count - 1, Math.max(0, at + (event.key === 'j' ? 1 : -1)))
      event.preventDefault()
      focusRow(table.current, next, scrollTo)
    } else if (event.key === 'x' && at !== undefined && onMark) {
      event.preventDefault()
      onMark(at)
    }
  })

  useEffect(() => {
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}

function isTheOne(table: HTMLTableElement) {
  const focused = document.activeElement?.closest('table[data-rows]')
  if (focused) return focused === table
  return (
    document.querySelector('table[data-rows]') === table && !document.querySelector('[role=dialog][aria-modal=true]')
  )
}

/** The focused row; while the focus is elsewhere, the one whose details are open. */
function focusedIndex(table: HTMLTableElement): number | undefined {
  const focused = document.activeElement?.closest<HTMLElement>('tr[data-index]')
  const row = focused && table.contains(focused) ? focused : table.querySelector<HTMLElement>('tr[data-current]')
  return row ? Number(row.dataset.index) : undefined
}

function focusRow(table: HTMLTableElement, index: number, scrollTo: (index: number) => void) {
  if (focusNow(table, index)) return
  scrollTo(index)
  // It takes a frame to scroll and another to render.
  requestAnimationFrame(() => requestAnimationFrame(() => focusNow(table, index)))
}

function focusNow(table: HTMLTableElement, index: number): boolean {
  const row = table.querySelector<HTMLElement>(`tr[data-index="${index}"]`)
  const target = row?.querySelector<HTMLElement>('[data-row-link]') ?? row
  target?.focus()
  target?.scrollIntoView({ block: 'nearest' })
  return target !== null && target !== undefined
}
