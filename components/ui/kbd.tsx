import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'

export function Kbd({ className, ...props }: ComponentProps<'kbd'>) {
  return (
    <kbd
      className={cn(
        'inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm border border-line bg-sunk px-1 text-xs leading-none text-muted',
        className,
      )}
      {...props}
    />
  )
}
