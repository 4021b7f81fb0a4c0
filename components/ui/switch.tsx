'use client'

import type { ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'

interface SwitchProps extends Omit<ComponentProps<'input'>, 'type' | 'role' | 'checked' | 'onChange'> {
  checked: boolean
  onCheckedChange: (checked: boolean) => void
}

/** On or off, at once. For a choice that is sent with a form, a checkbox. */
export function Switch({ checked, onCheckedChange, className, ...props }: SwitchProps) {
  return (
    <input
      type="checkbox"
      role="switch"
      aria-checked={checked}
      checked={checked}
      onChange={event => onCheckedChange(event.target.checked)}
      className={cn(
        'relative h-4 w-7 shrink-0 appearance-none rounded-full border border-line-strong bg-sunk transition-colors before:absolute before:top-px before:left-px before:size-3 before:rounded-full before:bg-line-strong before:transition-transform checked:border-accent checked:bg-accent checked:before:translate-x-3 checked:before:bg-on-accent disabled:opacity-55 touch:after:absolute touch:after:-inset-3.5',
        className,
      )}
      {...props}
    />
  )
}
