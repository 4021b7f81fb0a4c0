'use client'

import { X } from 'lucide-react'
import { useState } from 'react'
import { StatusMark } from '@/components/status/status-mark'
import { Button } from '@/components/ui/button'
import type { Dropped } from '@/lib/console/platform/view/filters'

/** Parts of the address that were not understood: the page ignores them, and says so. */
export function DroppedFilters({ dropped }: { dropped: readonly Dropped[] }) {
  const key = dropped.map(({ filter, problem }) => `${filter}\n${problem}`).join('\n')
  const [dismissed, setDismissed] = useState('')
  if (dropped.length === 0 || dismissed === key) return null
  return (
    <div
      role="status"
      className="mb-4 flex items-start gap-2.5 rounded-lg border border-warning/35 bg-warning-soft py-1.5 pr-1.5 pl-3 text-md"
    >
      <span className="flex h-6 items-center">
        <StatusMark status="warning" />
      </span>
      <p className="min-w-0 flex-1 py-0.5">
        <span className="font-medium">Part of this address was not understood and is left out:</span>{' '}
        {dropped.map(({ filter, problem }, index) => (
          <span key={filter}>
            {index > 0 ? '; ' : null}
            <code>{filter}</code> ({problem})
          </span>
        ))}
      </p>
      <Button variant="ghost" size="icon-sm" aria-label="Dismiss" onClick={() => setDismissed(key)}>
        <X aria-hidden />
      </Button>
    </div>
  )
}
