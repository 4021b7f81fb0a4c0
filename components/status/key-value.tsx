import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'

export interface Fact {
  label: string
  value: ReactNode
}

interface KeyValueProps {
  facts: readonly Fact[]
  /** `wide` sets the labels on lines of their own, for values that need the room. */
  layout?: 'pairs' | 'wide'
  className?: string
}

/** What is known of one thing, label beside value. Leave a fact out only where it cannot apply; unknown is a value. */
export function KeyValue({ facts, layout = 'pairs', className }: KeyValueProps) {
  return (
    <dl className={cn('grid text-md', layout === 'pairs' ? 'gap-y-1' : 'gap-y-2', className)}>
      {facts.map(fact => (
        <div
          key={fact.label}
          className={cn('grid min-w-0', layout === 'pairs' && 'grid-cols-[112px_minmax(0,1fr)] gap-x-3')}
        >
          <dt className="text-muted">{fact.label}</dt>
          <dd className="min-w-0">{fact.value}</dd>
        </div>
      ))}
    </dl>
  )
}
