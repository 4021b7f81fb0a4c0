import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { CopyButton } from '@/components/ui/copy-button'

interface EmptyStateProps {
  title: string
  /** Why there is nothing, in a sentence. */
  children?: ReactNode
  /** The lines that make this page fill, with real addresses in them. */
  code?: string
  action?: ReactNode
  className?: string
}

/** Nothing here, and what would change that. Only for what is known to be empty: a part that is down is never this. */
export function EmptyState({ title, children, code, action, className }: EmptyStateProps) {
  return (
    <div className={cn('mx-auto grid max-w-[560px] justify-items-start gap-2 px-4 py-8', className)}>
      <p className="text-lg font-semibold">{title}</p>
      {children ? <div className="text-md text-muted">{children}</div> : null}
      {code ? (
        <div className="relative mt-1 w-full min-w-0 rounded-lg border border-line bg-sunk">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre tabIndex={0} className="overflow-x-auto p-3 pr-10 text-sm leading-5">
            {code}
          </pre>
          <CopyButton value={code} label="Copy these lines" className="absolute top-1.5 right-1.5" />
        </div>
      ) : null}
      {action ? <div className="mt-1 flex flex-wrap gap-2">{action}</div> : null}
    </div>
  )
}
