'use client'

import * as SwitchPrimitive from 'radix-ui/switch'
import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'

export function Switch({ className, ...props }: ComponentProps<typeof SwitchPrimitive.Root>) {
  return (
    <SwitchPrimitive.Root
      className={cn(
        'relative inline-flex h-4 w-7 shrink-0 items-center rounded-full border border-line-strong bg-sunk p-px transition-colors disabled:opacity-55 data-[state=checked]:border-accent data-[state=checked]:bg-accent touch:after:absolute touch:after:-inset-3.5',
        className,
      )}
      {...props}
    >
      <SwitchPrimitive.Thumb className="block size-3 rounded-full bg-line-strong transition-transform data-[state=checked]:translate-x-3 data-[state=checked]:bg-on-accent" />
    </SwitchPrimitive.Root>
  )
}
