'use client'

import { type ReactNode, useId } from 'react'
import { cn } from '@/components/ui/cn'

export interface Segment<V extends string> {
  value: V
  label: ReactNode
}

interface SegmentedControlProps<V extends string> {
  /** Names the choice for those who cannot see it. */
  label: string
  value: V
  segments: readonly Segment<V>[]
  onChange: (value: V) => void
  disabled?: boolean
  className?: string
}

/** One of a few, all in sight: radio buttons in a row, with the platform's own keys. */
export function SegmentedControl<V extends string>(props: SegmentedControlProps<V>) {
  const { label, value, segments, onChange, disabled, className } = props
  const name = useId()
  return (
    <fieldset
      disabled={disabled}
      className={cn('inline-flex w-fit rounded-md border border-line bg-sunk p-px disabled:opacity-55', className)}
    >
      <legend className="sr-only">{label}</legend>
      {segments.map(segment => (
        <label
          key={segment.value}
          className="relative inline-flex h-[calc(var(--control)-4px)] cursor-pointer items-center gap-1.5 rounded-[5px] border border-transparent px-2.5 text-sm text-muted hover:text-ink has-checked:border-line has-checked:bg-panel has-checked:font-medium has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={name}
            value={segment.value}
            checked={segment.value === value}
            // What a dialog focuses first is what is chosen, so that an arrow key goes on from there.
            tabIndex={
              segment.value === (segments.some(one => one.value === value) ? value : segments[0]?.value) ? 0 : -1
            }
            onChange={() => onChange(segment.value)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {segment.label}
        </label>
      ))}
    </fieldset>
  )
}
