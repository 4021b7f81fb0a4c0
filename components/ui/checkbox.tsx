'use client'

import { type ComponentProps, useEffect, useRef } from 'react'
import { cn } from '@/components/ui/cn'

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type' | 'checked' | 'onChange'> {
  checked: boolean | 'indeterminate'
  onCheckedChange: (checked: boolean) => void
}

/** The platform's own, drawn by us: it is there a hundred times on a page. */
export function Checkbox({ checked, onCheckedChange, className, ...props }: CheckboxProps) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = checked === 'indeterminate'
  }, [checked])
  return (
    <span className={cn('relative inline-flex size-4 shrink-0', className)}>
      <input
        ref={box}
        type="checkbox"
        checked={checked === true}
        onChange={event => onCheckedChange(event.target.checked)}
        // The box stays small; the area that answers a finger does not.
        className="peer relative size-4 appearance-none touch:after:absolute touch:after:-inset-3.5 rounded-sm border border-line-strong bg-panel checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:opacity-55"
        {...props}
      />
      <svg
        viewBox="0 0 16 16"
        aria-hidden
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        className="pointer-events-none absolute inset-0 hidden text-on-accent peer-checked:block peer-indeterminate:block [&>.dash]:hidden peer-indeterminate:[&>.dash]:block peer-indeterminate:[&>.tick]:hidden"
      >
        <path className="tick" d="m4 8.3 2.8 2.8L12 5.6" />
        <path className="dash" d="M4.5 8h7" />
      </svg>
    </span>
  )
}
