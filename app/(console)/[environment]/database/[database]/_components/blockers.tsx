import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Callout } from '@/components/ui/callout'
import type { BlockerRow } from '@/lib/console/areas/database/views/overview'
import type { Part } from '@/lib/console/platform/part/part'
import { formatExact } from '@/lib/core/number-format'
import { formatWhole } from '@/lib/core/time-format'
import { SessionActs } from './session-acts'

const SHOWN = 3

interface BlockersProps {
  environment: string
  database: string
  blockers: Part<readonly BlockerRow[]>
  /** Sessions that wait for locks; absent: not known. */
  waiting: number | undefined
}

/** Who holds up others, before anything else, with the act beside it. */
export function Blockers({ environment, database, blockers: part, waiting }: BlockersProps) {
  const activity = `/${environment}/database/${encodeURIComponent(database)}/activity`
  if (part.status !== 'up')
    return waiting ? (
      <Callout
        tone="warning"
        mark={<StatusMark status="warning" label="Waiting for locks" />}
        title={`${formatExact(waiting)} ${waiting === 1 ? 'session waits' : 'sessions wait'} for locks; who holds them is not known`}
      >
        <p className="break-words text-muted">The sessions could not be read: {part.reason}</p>
      </Callout>
    ) : null
  const blockers = part.data
  return (
    <>
      {blockers.slice(0, SHOWN).map(blocker => (
        <Callout
          key={`${blocker.pid} ${blocker.session}`}
          tone="bad"
          mark={<StatusMark status="bad" label="Blocker" />}
        >
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <div className="min-w-0 flex-1 basis-72">
              <p className="font-medium break-words">
                {blocker.name} holds up{' '}
                {blocker.waiting === 1 ? '1 session' : `${formatExact(blocker.waiting)} sessions`}, the longest for{' '}
                <span className="tabular-nums">{formatWhole(blocker.longestMs)}</span>
              </p>
              <p className="break-words text-muted">
                {blocker.service ? `${blocker.service}, ` : ''}
                {blocker.words}
                {blocker.tables.length > 0 ? <> with a lock on {blocker.tables.slice(0, 3).join(', ')}</> : null}.{' '}
                <AppLink href={`${activity}?session=${blocker.pid}`} className="underline underline-offset-2">
                  Who waits
                </AppLink>
              </p>
            </div>
            <div className="flex flex-wrap gap-2">
              <SessionActs database={database} session={blocker} />
            </div>
          </div>
        </Callout>
      ))}
      {blockers.length > SHOWN ? (
        <p className="text-md text-muted">
          {formatExact(blockers.length - SHOWN)} more hold up others:{' '}
          <AppLink href={activity} className="underline underline-offset-2">
            see activity
          </AppLink>
          .
        </p>
      ) : null}
    </>
  )
}
