'use client'

import { useEffect, useEffectEvent, useRef } from 'react'
import type { NavItem } from '@/components/shell/shell-props'
import { isTyping } from '@/components/ui/typing'

/** After `g`, this long for the letter. */
const CHORD_MS = 1_200

interface Shortcuts {
  items: readonly NavItem[]
  onGo: (item: NavItem) => void
  onSearch: () => void
  onHelp: () => void
}

/** Ctrl-K and `/` search, `?` explains, `g` then a letter goes. Silent while someone types or a dialog is open. */
export function useShellShortcuts({ items, onGo, onSearch, onHelp }: Shortcuts) {
  const chordAt = useRef(0)

  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      onSearch()
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isModalOpen()) return
    const going = event.timeStamp - chordAt.current < CHORD_MS && chordAt.current > 0
    chordAt.current = 0
    const target = going ? items.find(item => item.shortcut === event.key) : undefined
    if (target) {
      event.preventDefault()
      // The rest of the page has its own letters; this one was for us.
      event.stopImmediatePropagation()
      onGo(target)
    } else if (event.key === 'g') {
      chordAt.current = event.timeStamp
    } else if (event.key === '/') {
      event.preventDefault()
      onSearch()
    } else if (event.key === '?') {
      event.preventDefault()
      onHelp()
    }
  })

  useEffect(() => {
    // In the capture phase: before the tables, which know `j`, `k` and `x`.
    document.addEventListener('keydown', press, { capture: true })
    return () => document.removeEventListener('keydown', press, { capture: true })
  }, [])
}

function isModalOpen() {
  return document.querySelector('[data-modal]') !== null
}
