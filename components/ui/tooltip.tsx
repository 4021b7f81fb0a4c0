'use client'

import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'

interface TooltipProps {
  content: ReactNode
  /** One element that takes focus, described by the same words in a way of its own. A disabled button does not: use `aria-disabled`. */
  children: ReactNode
}

/** A few words on hover and focus. Our own, because the library's placement engine would double the weight of a page. */
export function Tooltip({ content, children }: TooltipProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const [shown, setShown] = useState(false)

  useEffect(() => {
    if (!shown) return
    const hide = () => setShown(false)
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && hide()
    document.addEventListener('scroll', hide, { capture: true, passive: true })
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('scroll', hide, { capture: true })
      document.removeEventListener('keydown', onKey)
    }
  }, [shown])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what its child does
    <span
      ref={setAnchor}
      className="inline-flex min-w-0"
      onPointerEnter={event => setShown(event.pointerType !== 'touch')}
      onPointerLeave={() => setShown(false)}
      onFocus={event => setShown(event.target.matches(':focus-visible'))}
      onBlur={() => setShown(false)}
    >
      {children}
      {shown && anchor ? createPortal(<Bubble anchor={anchor}>{content}</Bubble>, document.body) : null}
    </span>
  )
}

/** Above its anchor, or below where there is no room; kept inside the window. */
function Bubble({ anchor, children }: { anchor: HTMLElement; children: ReactNode }) {
  const bubble = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const { current } = bubble
    if (!current) return
    const at = anchor.getBoundingClientRect()
    const { width, height } = current.getBoundingClientRect()
    const left = Math.min(window.innerWidth - width - 8, Math.max(8, at.left + at.width / 2 - width / 2))
    const above = at.top - height - 6
    current.style.translate = `${left}px ${above > 8 ? above : at.bottom + 6}px`
  }, [anchor])

  return (
    <div
      ref={bubble}
      aria-hidden
      className="pointer-events-none fixed top-0 left-0 z-50 w-max max-w-72 rounded-md bg-ink px-2 py-1 text-sm text-bg"
    >
      {children}
    </div>
  )
}
