'use client'

import { useRef } from 'react'

/**
 * Puts the focus back where it was before a sheet or dialog opened. What was focused may be gone by then, because an act took it
 * away: then to what is behind, the open sheet or the page, and never to nothing.
 */
export function useReturnFocus() {
  const before = useRef<Element | null>(null)
  return {
    remember: () => {
      before.current = document.activeElement
    },
    giveBack: (event: Event) => {
      event.preventDefault()
      const target = [before.current, ...document.querySelectorAll('[role=dialog], #main')].find(
        element => element instanceof HTMLElement && element !== document.body && element.isConnected,
      )
      if (target instanceof HTMLElement) target.focus({ preventScroll: true })
    },
  }
}
