'use client'

import { X } from 'lucide-react'
import { type ComponentProps, type ReactNode, useSyncExternalStore } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { DialogFooter } from '@/components/ui/dialog-layout'
import { useSheet } from '@/components/ui/sheet-context'
import { BottomFrame, SideFrame } from '@/components/ui/sheet-frame'

export { DialogBody as SheetBody } from '@/components/ui/dialog-layout'

export interface SheetProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  side?: 'right' | 'bottom'
  children: ReactNode
}

interface SheetHeaderProps {
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
}

/** Title, description, room for a badge, and the close button. Every sheet begins with one. */
export function SheetHeader({ title, description, children }: SheetHeaderProps) {
  const { titleId, close } = useSheet()
  return (
    <div className="flex items-start gap-2 border-b border-line py-2.5 pr-2 pl-4">
      <div className="min-w-0 flex-1 py-0.5">
        <h2 id={titleId} className="text-lg font-semibold">
          {title}
        </h2>
        {description ? <div className="text-md text-muted">{description}</div> : null}
      </div>
      {children}
      <Button variant="ghost" size="icon" aria-label="Close" onClick={close}>
        <X aria-hidden />
      </Button>
    </div>
  )
}

/** The acts of a sheet. Written before its body, so that the keyboard comes to them before any list, and drawn below it. */
export function SheetFooter({ className, ...props }: ComponentProps<typeof DialogFooter>) {
  return <DialogFooter className={cn('order-last', className)} {...props} />
}

/**
 * Details beside the list they belong to; the whole screen on a phone. On the right it is not modal, so the list stays in reach
 * (and `j k` go on moving in it); from the bottom it is.
 */
export function Sheet({ open, side = 'right', onOpenChange, children }: SheetProps) {
  // In the browser alone: what a sheet shows may ask the window for its address.
  const here = useSyncExternalStore(subscribeToNothing, inBrowser, onServer)
  if (!open || !here) return null
  const Frame = side === 'right' ? SideFrame : BottomFrame
  return <Frame onOpenChange={onOpenChange}>{children}</Frame>
}

const subscribeToNothing = () => () => {}
const inBrowser = () => true
const onServer = () => false
