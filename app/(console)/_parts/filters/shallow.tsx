'use client'

import type { MouseEvent, ReactNode } from 'react'

/**
 * Changes the address and nothing else: no way to the server, so that a sheet opens and a filter applies at once even while a
 * source hangs. `useSearchParams` follows. Pushed, going back comes back here.
 */
export function goShallow(href: string, how: 'push' | 'replace' = 'replace') {
  if (how === 'push') window.history.pushState(null, '', href)
  else window.history.replaceState(null, '', href)
}

/** Links in here to this same page only change the address; with a key held, and to anywhere else, they are plain links. */
export function ShallowLinks({ children, className }: { children: ReactNode; className?: string }) {
  function follow(event: MouseEvent) {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || link.target === '_blank' || link.origin !== window.location.origin) return
    if (link.pathname !== window.location.pathname) return
    event.preventDefault()
    if (link.href !== window.location.href) goShallow(link.href, 'push')
  }
  return (
    <div className={className} onClickCapture={follow}>
      {children}
    </div>
  )
}
