import { type ReactNode, useId } from 'react'
import { cn } from '@/components/ui/cn'

export interface PanelProps {
  title: ReactNode
  /** A quiet line beside the title: how many, of what, since when. */
  note?: ReactNode
  /** Controls at the right of the header. */
  actions?: ReactNode
  children: ReactNode
  /** Space around the content; tables and lists bring their own. */
  padded?: boolean
  className?: string
  id?: string
}

/** A region with a name. Clipped rather than hidden at its corners, so that a table's header can stick to the window. */
export function Panel({ title, note, actions, children, padded = false, className, id }: PanelProps) {
  const headingId = useId()
  return (
    <section
      id={id}
      aria-labelledby={headingId}
      className={cn('min-w-0 overflow-clip rounded-lg border border-line bg-panel', className)}
    >
      <header className="flex min-h-10 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3.5 py-1.5">
        <h2 id={headingId} className="text-md font-semibold">
          {title}
        </h2>
        {note ? <div className="min-w-0 text-sm text-muted">{note}</div> : null}
        {actions ? <div className="ml-auto flex items-center gap-2">{actions}</div> : null}
      </header>
      <div className={cn(padded && 'p-3.5')}>{children}</div>
    </section>
  )
}
