'use client'

import { ChevronDown } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import type { SelectOption } from '@/components/ui/select'

interface FilterSelectProps {
  label: string
  value: string
  /** The first one is "no filter". */
  options: readonly SelectOption[]
  onChange: (value: string) => void
  className?: string
}

/** A filter of a bar: the platform's own select, as high as what is beside it, marked while it narrows the list. */
export function FilterSelect({ label, value, options, onChange, className }: FilterSelectProps) {
  const first = options[0]?.value
  // A value from an old link that is not on the list is still shown: it is what the list is narrowed by.
  const known = options.some(option => option.value === value)
  return (
    <span className={cn('relative inline-flex min-w-0', className)}>
      <select
        aria-label={label}
        value={value}
        onChange={event => onChange(event.target.value)}
        className={cn(
          'h-(--control) w-full min-w-0 appearance-none truncate rounded-md border bg-panel pr-7 pl-2.5 text-sm touch:text-xl',
          value === first ? 'border-line text-muted' : 'border-accent bg-accent-soft font-medium text-ink',
        )}
      >
        {known ? null : <option value={value}>{value}</option>}
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 size-3.5 -translate-y-1/2 text-muted"
      />
    </span>
  )
}
