'use client'

import * as DialogPrimitive from 'radix-ui/dialog'
import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'

export {
  DialogBody as SheetBody,
  DialogFooter as SheetFooter,
  DialogHeader as SheetHeader,
} from '@/components/ui/dialog'

interface SheetProps extends Omit<ComponentProps<typeof DialogPrimitive.Content>, 'onToggle'> {
  open: boolean
  onOpenChange: (open: boolean) => void
  side?: 'right' | 'bottom'
}

/**
 * Details beside the list they belong to; the whole screen on a phone. On the right it is not modal, so the list stays in reach
 * (and `j k` go on moving in it); from the bottom it is.
 */
export function Sheet({ open, onOpenChange, side = 'right', className, children, ...props }: SheetProps) {
  const right = side === 'right'
  return (
    <DialogPrimitive.Root open={open} onOpenChange={onOpenChange} modal={!right}>
      <DialogPrimitive.Portal>
        {right ? null : (
          <DialogPrimitive.Overlay className="fixed inset-0 z-40 bg-veil data-[state=open]:animate-in data-[state=open]:fade-in-0" />
        )}
        <DialogPrimitive.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focusItself}
          onInteractOutside={right ? event => event.preventDefault() : undefined}
          className={cn(
            'fixed z-40 flex flex-col border-line bg-panel shadow-float outline-none data-[state=open]:animate-in data-[state=open]:duration-150 data-[state=open]:fade-in-0',
            right
              ? 'inset-0 wide:top-(--bar) wide:left-auto wide:w-[min(560px,46vw)] wide:min-w-[420px] wide:border-l data-[state=open]:slide-in-from-right-4'
              : 'inset-x-0 bottom-0 max-h-[85dvh] rounded-t-lg border-t data-[state=open]:slide-in-from-bottom-4',
            className,
          )}
          {...props}
        >
          {children}
        </DialogPrimitive.Content>
      </DialogPrimitive.Portal>
    </DialogPrimitive.Root>
  )
}

/** The sheet, not its close button: so that reading begins at its title, and no ring is drawn where nobody pointed. */
function focusItself(event: Event) {
  event.preventDefault()
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
}
