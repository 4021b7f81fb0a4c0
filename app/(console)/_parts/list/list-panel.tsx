'use client'

import type { ReactNode } from 'react'
import { PartBoundary } from '@/components/status/part-boundary'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import type { Part } from '@/lib/console/platform/part/part'
import { useShownList } from './use-list'

/** The frame of the only list of a page, pale while other rows are awaited. */
export function ListPanel({ children }: { children: ReactNode }) {
  const { pending } = useShownList()
  return (
    <div
      className={cn('overflow-clip rounded-lg border border-line bg-panel transition-opacity', pending && 'opacity-60')}
    >
      {children}
    </div>
  )
}

interface ListPartProps<T> {
  part: Part<T>
  /** What it is, as a subject: "Postgres shop". The fleet otherwise. */
  what?: string
  className?: string
  children: (data: T) => ReactNode
}

/** Of a list, what one source knows: its rows, its last rows, or why there are none, and where to see more of it. */
export function ListPart<T>({ part, what, className, children }: ListPartProps<T>) {
  const { environment } = useShownList()
  return (
    <PartBoundary
      part={part}
      what={what ?? `The fleet of ${environment}`}
      className={className}
      action={
        <Button asChild size="sm">
          <AppLink href={`/${environment}/health`}>See health</AppLink>
        </Button>
      }
    >
      {children}
    </PartBoundary>
  )
}
