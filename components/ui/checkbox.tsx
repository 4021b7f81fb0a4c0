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
      {/* What is pressed is larger than what is drawn where a finger presses. */}
      <input
        ref={box}
        type="checkbox"
        checked={checked === true}
        onChange={event => onCheckedChange(event.target.checked)}
        className="peer absolute inset-0 z-1 m-0 cursor-pointer appearance-none rounded-sm disabled:cursor-not-allowed touch:-inset-3.5"
        {...props}
      />
      <span
        aria-hidden
        className="size-4 rounded-sm border border-line-strong bg-panel peer-checked:border-accent peer-checked:bg-accent peer-indeterminate:border-accent peer-indeterminate:bg-accent peer-disabled:opacity-55"
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
