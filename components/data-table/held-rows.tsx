'use client'

import { ArrowUp } from 'lucide-react'
import { formatExact } from '@/lib/core/number-format'

interface HeldRowsProps {
  count: number
  onShow: () => void
}

/** "12 new": they wait until someone asks for them. */
export function HeldRows({ count, onShow }: HeldRowsProps) {
  return (
    <div role="status">
      {count > 0 ? (
        <button
          type="button"
          onClick={onShow}
          className="flex h-8 w-full items-center justify-center gap-1.5 border-b border-line bg-accent-soft text-sm font-medium text-accent -outline-offset-2 touch:h-(--control)"
        >
          <ArrowUp aria-hidden className="size-3.5" />
          {formatExact(count)} new
        </button>
      ) : null}
    </div>
  )
}
