import { type ReactNode, useId } from 'react'

interface SectionProps {
  title: string
  note?: ReactNode
  children: ReactNode
}

/** A part of a sheet with a name. */
export function Section({ title, note, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="border-t border-line pt-2.5 pb-2">
      <h3 id={id} className="flex items-baseline gap-2 px-4 pb-1 text-md font-semibold">
        <span className="shrink-0">{title}</span>
        {note ? <span className="text-sm font-normal text-muted">{note}</span> : null}
      </h3>
      {children}
    </section>
  )
}
