'use client'

import { Search, X } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { cn } from '@/components/ui/cn'

interface SearchFieldProps {
  /** "Filter breakers": its label and its placeholder. */
  label: string
  /** What the URL says. */
  value: string
  /** Called a moment after the last key, and at once on Enter or when cleared. */
  onChange: (value: string) => void
  className?: string
}

export function SearchField({ label, value, onChange, className }: SearchFieldProps) {
  const [draft, setDraft] = useState(value)
  const [seen, setSeen] = useState(value)
  if (seen !== value) {
    setSeen(value)
    setDraft(value)
  }

  const settle = useEffectEvent(() => {
    if (draft !== value) onChange(draft)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the effect does not read the draft; each new one must restart the wait
  useEffect(() => {
    const timer = setTimeout(settle, 250)
    return () => clearTimeout(timer)
  }, [draft])

  function set(next: string) {
    setDraft(next)
    onChange(next)
  }

  return (
    <search className={cn('relative block min-w-0', className ?? 'w-56')}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={draft}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        onChange={event => setDraft(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') set(draft)
          if (event.key === 'Escape' && draft !== '') {
            event.stopPropagation()
            set('')
          }
        }}
        className="h-(--control) w-full rounded-md border border-line bg-panel px-8 text-md touch:text-xl [&::-webkit-search-cancel-button]:hidden"
      />
      {draft === '' ? null : (
        <button
          type="button"
          aria-label="Clear"
          onClick={() => set('')}
          className="absolute top-1/2 right-1 inline-flex size-6 -translate-y-1/2 items-center justify-center rounded-sm text-muted hover:text-ink"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </search>
  )
}
