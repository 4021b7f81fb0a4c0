import type { ReactNode } from 'react'

interface PageHeaderProps {
  title: ReactNode
  /** One sentence: how it stands. */
  note?: ReactNode
  /** A status badge before the title. */
  mark?: ReactNode
  actions?: ReactNode
}

export function PageHeader({ title, note, mark, actions }: PageHeaderProps) {
  return (
    <div className="mb-4 flex flex-wrap items-start gap-x-3 gap-y-2">
      {mark ? <div className="mt-0.5 flex h-7 items-center max-wide:h-auto max-wide:w-full">{mark}</div> : null}
      <div className="min-w-0 flex-1">
        <h1 className="text-2xl font-semibold tracking-tight break-words">{title}</h1>
        {note ? <div className="mt-0.5 text-lg text-muted">{note}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </div>
  )
}
