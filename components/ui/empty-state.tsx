import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { CodeBlock } from '@/components/ui/code-block'

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
      {code ? <CodeBlock code={code} copy="Copy these lines" className="mt-1 w-full" /> : null}
      {action ? <div className="mt-1 flex flex-wrap gap-2">{action}</div> : null}
    </div>
  )
}
