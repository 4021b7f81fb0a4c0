'use client'

import * as DialogPrimitive from 'radix-ui/dialog'
import { cn } from '@/components/ui/cn'
import { useReturnFocus } from '@/components/ui/return-focus'
import type { SheetProps } from '@/components/ui/sheet'

/** What a Sheet is once it is open. */
export function SheetFrame({ open, onOpenChange, side = 'right', children }: SheetProps) {
  const right = side === 'right'
  const focus = useReturnFocus()
  return (
    <DialogPrimitive.Root open={open} onOpenChange={onOpenChange} modal={!right}>
      <DialogPrimitive.Portal>
        {right ? null : (
          <DialogPrimitive.Overlay className="fixed inset-0 z-40 bg-veil data-[state=open]:animate-in data-[state=open]:fade-in-0" />
        )}
        <DialogPrimitive.Content
          aria-describedby={undefined}
          data-modal={right ? undefined : true}
          onOpenAutoFocus={event => {
            focus.remember()
            focusItself(event)
          }}
          onCloseAutoFocus={focus.giveBack}
          onInteractOutside={right ? event => event.preventDefault() : undefined}
          className={cn(
            'fixed z-40 flex flex-col border-line bg-panel shadow-float outline-none data-[state=open]:animate-in data-[state=open]:duration-150 data-[state=open]:fade-in-0',
            right
              ? 'inset-0 data-[state=open]:slide-in-from-right-4 wide:top-(--bar) wide:left-auto wide:w-[min(560px,46vw)] wide:min-w-[420px] wide:border-l'
              : 'inset-x-0 bottom-0 max-h-[85dvh] rounded-t-lg border-t data-[state=open]:slide-in-from-bottom-4',
          )}
        >
          {children}
        </DialogPrimitive.Content>
      </DialogPrimitive.Portal>
    </DialogPrimitive.Root>
  )
}

/** The sheet, not its close button: so that reading begins at its title, and no ring is drawn where no one pointed. */
function focusItself(event: Event) {
  event.preventDefault()
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
}
