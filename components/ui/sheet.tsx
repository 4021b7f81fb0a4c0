'use client'

import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'

export { DialogBody as SheetBody, DialogFooter as SheetFooter } from '@/components/ui/dialog-layout'

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

/**
 * Details beside the list they belong to; the whole screen on a phone. On the right it is not modal, so the list stays in reach
 * (and `j k` go on moving in it); from the bottom it is.
 */
export function Sheet(props: SheetProps) {
  return props.open ? <Frame {...props} /> : null
}
