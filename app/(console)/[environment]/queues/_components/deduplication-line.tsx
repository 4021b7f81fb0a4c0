import type { ReactNode } from 'react'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { formatExact } from '@/lib/core/number-format'
import type { DeduplicationKey, HeldBackAdditions } from '@/lib/infrastructure/queue'
import type { SheetUrl } from './queue-sheet'

interface DeduplicationLineProps {
  one: DeduplicationKey
  heldBack: number
  url: SheetUrl
  /** Its act. */
  children: ReactNode
}

/** One key: which job holds it, for how long, and what it held back. */
export function DeduplicationLine({ one, heldBack, url, children }: DeduplicationLineProps) {
  const { id, leftOver, since, until, extended, pending } = one
  return (
    <Line id={id} heldBack={heldBack} status={leftOver ? 'warning' : 'good'} act={children}>
      {leftOver ? <span className="font-medium text-warning">left over</span> : null}
      <HoldingJob job={one.job} exists={one.exists} state={one.state} url={url} />
      {since === undefined ? null : (
        <span>
          since <RelativeTime at={since} as="clock" />
        </span>
      )}
      {until === undefined ? (
        <span>{leftOver ? 'never expires' : 'until it finishes'}</span>
      ) : (
        <span>
          until <RelativeTime at={until} as="clock" />
          {extended ? ', later with each addition' : ''}
        </span>
      )}
      {pending ? <span>one addition is kept for then</span> : null}
    </Line>
  )
}

/** A job whose id keeps others of that id out. */
export function SameIdLine({ job, url }: { job: HeldBackAdditions['byJob'][number]; url: SheetUrl }) {
  const { id, count, exists, state } = job
  const finished = state === 'completed' || state === 'failed'
  return (
    <Line id={id} heldBack={count} status={finished ? 'warning' : 'good'}>
      <HoldingJob job={id} exists={exists} state={state} url={url} />
      {exists ? <span>{finished ? 'until it is removed' : 'until it is finished and removed'}</span> : null}
    </Line>
  )
}

interface LineProps {
  id: string
  heldBack: number
  status: 'good' | 'warning'
  act?: ReactNode
  children: ReactNode
}

function Line({ id, heldBack, status, act, children }: LineProps) {
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2.5 border-t border-line px-4 py-1.5 text-md first:border-0">
      <StatusMark status={status} className="size-2.5" />
      <div className="grid min-w-0 gap-0.5">
        <div className="flex min-w-0 items-baseline gap-2">
          <MiddleTruncate text={id} mono />
          <span className="ml-auto shrink-0 text-sm text-muted tabular-nums">{formatExact(heldBack)} held back</span>
        </div>
        <div className="flex flex-wrap gap-x-2 text-sm text-muted tabular-nums">{children}</div>
      </div>
      {act}
    </li>
  )
}

function HoldingJob({
  job,
  exists,
  state,
  url,
}: Pick<DeduplicationKey, 'job' | 'exists' | 'state'> & { url: SheetUrl }) {
  if (!exists) return <span className="break-all">job {job} is gone</span>
  return (
    <AppLink href={url.href({ job })} scroll={false} className="break-all text-accent">
      job {job} is {state ?? 'in no list that was searched'}
    </AppLink>
  )
}
