'use client'

import { type ReactNode, type RefObject, useEffect, useEffectEvent, useId, useRef } from 'react'
import { returnFocus } from '@/components/ui/return-focus'
import { SheetContext } from '@/components/ui/sheet-context'

interface FrameProps {
  onOpenChange: (open: boolean) => void
  children: ReactNode
}

/** Beside the page, which stays in use: not modal. Esc closes it unless something above it takes the key. */
export function SideFrame({ onOpenChange, children }: FrameProps) {
  const frame = useRef<HTMLDivElement>(null)
  const titleId = useId()
  useFocusWhileOpen(frame)
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('[data-modal]')) return
    event.preventDefault()
    onOpenChange(false)
  })
  useEffect(() => {
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
  return (
    <SheetContext value={{ titleId, close: () => onOpenChange(false) }}>
      <div
        ref={frame}
        role="dialog"
        aria-labelledby={titleId}
        tabIndex={-1}
        className="fixed inset-0 z-40 flex animate-in flex-col border-line bg-panel shadow-float duration-150 fade-in-0 slide-in-from-right-4 outline-none wide:top-(--bar) wide:left-auto wide:w-[min(560px,46vw)] wide:min-w-[420px] wide:border-l"
      >
        {children}
      </div>
    </SheetContext>
  )
}

/** From the bottom of a phone, above everything: the platform's own modal dialog keeps the focus inside and the page still. */
export function BottomFrame({ onOpenChange, children }: FrameProps) {
  const frame = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const { current } = frame
    current?.showModal()
    return () => current?.close()
  }, [])
  return (
    <SheetContext value={{ titleId, close: () => onOpenChange(false) }}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard closes it by Esc (onCancel); this is a press on the backdrop */}
      <dialog
        ref={frame}
        data-modal
        aria-labelledby={titleId}
        onCancel={event => {
          event.preventDefault()
          onOpenChange(false)
        }}
        onClick={event => (event.target === event.currentTarget ? onOpenChange(false) : undefined)}
        className="fixed inset-x-0 top-auto bottom-0 z-40 m-0 flex max-h-[85dvh] w-full max-w-none animate-in flex-col rounded-t-lg border-t border-line bg-panel p-0 text-ink shadow-float duration-150 fade-in-0 slide-in-from-bottom-4 outline-none backdrop:bg-veil"
      >
        {children}
      </dialog>
    </SheetContext>
  )
}

/** The sheet itself, not its close button: so that reading begins at its title, and no ring is drawn where no one pointed. */
function useFocusWhileOpen(frame: RefObject<HTMLElement | null>) {
  useEffect(() => {
    const before = document.activeElement
    frame.current?.focus({ preventScroll: true })
    // After React has taken the sheet away: until then it is what is focused.
    return () => queueMicrotask(() => returnFocus(before))
  }, [frame])
}
