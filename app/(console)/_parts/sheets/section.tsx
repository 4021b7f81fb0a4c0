import { type ReactNode, useId } from 'react'

interface SectionProps {
  title: string
  note?: ReactNode
  /** At the end of its heading. */
  action?: ReactNode
  children: ReactNode
}

/** A part of a sheet with a name. */
export function Section({ title, note, action, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="border-t border-line pt-2.5 pb-2">
      <div className="flex items-center gap-2 px-4 pb-1">
        <h3 id={id} className="flex min-w-0 flex-1 items-baseline gap-2 text-md font-semibold">
          <span className="shrink-0">{title}</span>
          {note ? <span className="text-sm font-normal text-muted">{note}</span> : null}
        </h3>
        {action}
      </div>
      {children}
    </section>
  )
}
