'use client'

import { X } from 'lucide-react'
import * as DialogPrimitive from 'radix-ui/dialog'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'

export interface DialogHeaderProps {
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
}

/** Title, what it is about, and the way out. Dialogs and sheets share it. */
export function DialogHeader({ title, description, children }: DialogHeaderProps) {
  return (
    <div className="flex items-start gap-2 border-b border-line py-2.5 pr-2 pl-4">
      <div className="min-w-0 flex-1 py-0.5">
        <DialogPrimitive.Title className="text-lg font-semibold">{title}</DialogPrimitive.Title>
        {description ? (
          <DialogPrimitive.Description asChild>
            <div className="text-md text-muted">{description}</div>
          </DialogPrimitive.Description>
        ) : null}
      </div>
      {children}
      <DialogPrimitive.Close asChild>
        <Button variant="ghost" size="icon" aria-label="Close">
          <X aria-hidden />
        </Button>
      </DialogPrimitive.Close>
    </div>
  )
}
