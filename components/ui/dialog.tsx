'use client'

import * as DialogPrimitive from 'radix-ui/dialog'
import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'
import { useReturnFocus } from '@/components/ui/return-focus'

export const Dialog = DialogPrimitive.Root
export const DialogTitle = DialogPrimitive.Title
export const DialogDescription = DialogPrimitive.Description

interface DialogContentProps extends ComponentProps<typeof DialogPrimitive.Content> {
  size?: 'md' | 'lg'
}

/** Above everything and modal. Load what uses it with next/dynamic: it is needed only once something opens. */
export function DialogContent({
  className,
  size = 'md',
  onOpenAutoFocus = focusFirstField,
  children,
  ...props
}: DialogContentProps) {
  const focus = useReturnFocus()
  return (
    <DialogPrimitive.Portal>
      <DialogPrimitive.Overlay className="fixed inset-0 z-40 bg-veil data-[state=open]:animate-in data-[state=open]:fade-in-0" />
      <DialogPrimitive.Content
        data-modal
        onOpenAutoFocus={event => {
          focus.remember()
          onOpenAutoFocus(event)
        }}
        onCloseAutoFocus={focus.giveBack}
        className={cn(
          'fixed top-[8dvh] left-1/2 z-50 flex max-h-[84dvh] w-[calc(100vw-24px)] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-panel shadow-float outline-none data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:slide-in-from-top-2',
          size === 'lg' ? 'max-w-[640px]' : 'max-w-[560px]',
          className,
        )}
        {...props}
      >
        {children}
      </DialogPrimitive.Content>
    </DialogPrimitive.Portal>
  )
}

/** The first field, or the dialog itself: its close button is the last thing anyone opened it for. */
function focusFirstField(event: Event) {
  const { currentTarget } = event
  if (!(currentTarget instanceof HTMLElement)) return
  event.preventDefault()
  const field = currentTarget.querySelector<HTMLElement>(
    'input:not(:disabled), select:not(:disabled), textarea:not(:disabled)',
  )
  ;(field ?? currentTarget).focus()
}

/** As above; on a touch screen the dialog itself, whose text the keyboard would cover. */
export function focusFirstFieldWithKeyboard(event: Event) {
  if (!window.matchMedia('(pointer: coarse)').matches) return focusFirstField(event)
  event.preventDefault()
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
}
