import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'

/** The scrolling middle of a dialog or sheet. */
export function DialogBody({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('min-h-0 flex-1 overflow-y-auto overscroll-contain p-4', className)} {...props} />
}

/** The row of buttons below it. */
export function DialogFooter({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      className={cn(
        'flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3 pb-[max(12px,env(safe-area-inset-bottom))]',
        className,
      )}
      {...props}
    />
  )
}
