'use client'

import { type RefObject, useEffect, useEffectEvent } from 'react'
import { pressOf } from '@/components/data-table/row-press'
import { isTyping } from '@/components/ui/typing'

interface RowKeysInput {
  /** Has `data-rows`; its rows have `data-index`, and in each the link that opens it `data-row-link`. */
  list: RefObject<HTMLElement | null>
  count: number
  /** Brings a row that is not in the document into it. */
  scrollTo?: (index: number) => void
  onMark?: (index: number) => void
}

/**
 * `j k` move from row to row, `x` marks, Enter opens (the focused thing is the row's own link). The keys belong to the list that has the
 * focus, or else to the first one of the open sheet, or of the page.
 */
export function useRowKeys({ list, count, scrollTo, onMark }: RowKeysInput) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isTyping(event.target)) return
    if (!list.current || theOne() !== list.current) return
    const press = pressOf(event, { at: focusedIndex(list.current), count, marks: onMark !== undefined })
    if (!press) return
    event.preventDefault()
    if (press.does === 'mark') onMark?.(press.index)
    else focusRow(list.current, press.index, scrollTo)
  })

  useEffect(() => {
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}

function theOne(): Element | null {
  const focused = document.activeElement
  const near = focused?.closest('[data-rows]') ?? focused?.closest('[role=dialog]')?.querySelector('[data-rows]')
  if (near) return near
  return document.querySelector('[data-modal]') ? null : document.querySelector('[data-rows]')
}

/** The focused row; while the focus is elsewhere, the one whose details are open. */
function focusedIndex(list: HTMLElement): number | undefined {
  const focused = document.activeElement?.closest<HTMLElement>('[data-index]')
  const row = focused && list.contains(focused) ? focused : list.querySelector<HTMLElement>('[data-current]')
  return row ? Number(row.dataset.index) : undefined
}

function focusRow(list: HTMLElement, index: number, scrollTo: RowKeysInput['scrollTo']) {
  if (focusNow(list, index)) return
  scrollTo?.(index)
  // It takes a frame to scroll and another to render.
  requestAnimationFrame(() => requestAnimationFrame(() => focusNow(list, index)))
}

function focusNow(list: HTMLElement, index: number): boolean {
  const row = list.querySelector<HTMLElement>(`[data-index="${index}"]`)
  const target = row?.querySelector<HTMLElement>('[data-row-link]') ?? row
  target?.focus()
  target?.scrollIntoView({ block: 'nearest' })
  return target !== null && target !== undefined
}
