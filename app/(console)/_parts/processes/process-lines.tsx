import type { ReactNode } from 'react'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'

interface ProcessLinesProps<P> {
  environment: string
  processes: readonly P[]
  /** What else is said of one. */
  note?: (process: P) => ReactNode
}

/** Processes that have something, each with a way to its sheet. */
export function ProcessLines<P extends { id: string; instance: string; alive: boolean }>({
  environment,
  processes,
  note,
}: ProcessLinesProps<P>) {
  return (
    <ul className="divide-y divide-line">
      {processes.map(process => (
        <li key={process.id} className="flex items-center gap-2 px-4 py-1.5 text-md">
          <StatusMark status={process.alive ? 'good' : 'bad'} label={process.alive ? 'Up' : 'Lost'} />
          <AppLink
            href={`/${environment}/services?process=${process.id}`}
            className="flex min-w-0 items-center hover:underline touch:h-(--control)"
          >
            <MiddleTruncate text={process.instance} />
          </AppLink>
          {process.alive ? null : <span className="text-sm text-muted">lost</span>}
          {note ? <span className="ml-auto text-sm text-muted tabular-nums">{note(process)}</span> : null}
        </li>
      ))}
    </ul>
  )
}
