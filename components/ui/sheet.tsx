'use client'

import dynamic from 'next/dynamic'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { DialogFooter } from '@/components/ui/dialog-layout'

export { DialogBody as SheetBody } from '@/components/ui/dialog-layout'

export interface SheetProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  side?: 'right' | 'bottom'
  children: ReactNode
}

// Its machinery comes when the first one opens: most pages are read without.
const Frame = dynamic(() => import('@/components/ui/sheet-frame').then(module => module.SheetFrame), { ssr: false })

/** Title, description, room for a badge, and the close button. Every sheet begins with one. */
export const SheetHeader = dynamic(() => import('@/components/ui/dialog-header').then(module => module.DialogHeader), {
  ssr: false,
})

/** The acts of a sheet. Written before its body, so that the keyboard comes to them before any list, and drawn below it. */
export function SheetFooter({ className, ...props }: ComponentProps<typeof DialogFooter>) {
  return <DialogFooter className={cn('order-last', className)} {...props} />
}

/**
 * Details beside the list they belong to; the whole screen on a phone. On the right it is not modal, so the list stays in reach
 * (and `j k` go on moving in it); from the bottom it is.
 */
export function Sheet(props: SheetProps) {
  return props.open ? <Frame {...props} /> : null
}
