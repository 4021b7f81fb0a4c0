'use client'

import { useId } from 'react'
import { type Status, StatusMark } from '@/components/status/status-mark'
import { formatShort } from '@/lib/core/number-format'

export interface FilterChip<V extends string> {
  value: V
  label: string
  /** Left out when it is not known. */
  count?: number
  status?: Status
}

interface FilterChipsProps<V extends string> {
  label: string
  value: V
  chips: readonly FilterChip<V>[]
  onChange: (value: V) => void
}

/** One of a few ways to look at a list, each with how many it would show. A second line where there is no room: what is cut off at an edge is not found. */
export function FilterChips<V extends string>({ label, value, chips, onChange }: FilterChipsProps<V>) {
  const name = useId()
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-1 p-0.5">
      <legend className="sr-only">{label}</legend>
      {chips.map(chip => (
        <label
          key={chip.value}
          className="relative inline-flex h-(--control) shrink-0 cursor-pointer items-center gap-1.5 rounded-md border border-line bg-panel px-2.5 text-sm text-muted hover:text-ink has-checked:border-accent has-checked:bg-accent-soft has-checked:font-medium has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={name}
            value={chip.value}
            checked={chip.value === value}
            onChange={() => onChange(chip.value)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {chip.status && chip.count !== 0 ? <StatusMark status={chip.status} className="size-2.5" /> : null}
          {chip.label}
          {chip.count === undefined ? null : <span className="text-muted tabular-nums">{formatShort(chip.count)}</span>}
        </label>
      ))}
    </fieldset>
  )
}
