import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import type { JobRow } from '@/lib/console/areas/queues/views/queue'
import { formatExact } from '@/lib/core/number-format'
import { MoveOnAct, RemoveAct } from './jobs-acts'

/** What a worker is processing cannot be acted on. */
export const isFree = (job: JobRow) => job.state !== 'active' || job.orphaned === true

interface ChosenActsProps {
  ids: string[]
  state: JobRow['state']
  at: { server: string; queue: string }
  subject: string
  /** Where it stays while the list scrolls. */
  className: string
}

/** What can be done about the jobs that are marked. */
export function ChosenActs({ ids, state, at, subject, className }: ChosenActsProps) {
  const on = { at, ids, subject, size: 'sm' } as const
  return (
    <MarkedBar words={`${formatExact(ids.length)} marked`} className={className}>
      <MoveOnAct {...on} state={state} />
      <RemoveAct {...on} />
    </MarkedBar>
  )
}

interface MarkedBarProps {
  /** How many are marked. */
  words: string
  className?: string
  children: ReactNode
}

/** The bar of acts, in sight while the list below scrolls. */
export function MarkedBar({ words, className, children }: MarkedBarProps) {
  return (
    <div
      role="toolbar"
      aria-label="Acts on the marked jobs"
      className={cn(
        'sticky z-10 flex flex-wrap items-center gap-2 border-t border-line bg-accent-soft px-4 py-2',
        className,
      )}
    >
      <span className="text-md font-medium tabular-nums">{words}</span>
      {children}
    </div>
  )
}
