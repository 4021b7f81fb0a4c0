import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'

/** The place of something not yet read. Hidden from assistive technology: the region around it says that it loads. */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return <div aria-hidden className={cn('animate-breathe rounded-md bg-sunk', className)} {...props} />
}
