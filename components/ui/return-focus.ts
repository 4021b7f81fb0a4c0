'use client'

import { useRef } from 'react'

/**
 * Puts the focus back where it was before a sheet or dialog opened. What was focused may be gone by then, because an act took it
 * away: then to what is behind, the open sheet or the page, and never to nothing.
 */
export function returnFocus(before: Element | null) {
  const target = [before, ...document.querySelectorAll('[role=dialog], #main')].find(
    element => element instanceof HTMLElement && element !== document.body && element.isConnected,
  )
  if (target instanceof HTMLElement) target.focus({ preventScroll: true })
}

/** For a library's dialog: the handlers of its opening and its closing. */
export function useReturnFocus() {
  const before = useRef<Element | null>(null)
  return {
    remember: () => {
      before.current = document.activeElement
    },
    giveBack: (event: Event) => {
      event.preventDefault()
      returnFocus(before.current)
    },
  }
}
