import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import type { ProcessRow } from '@/lib/console/areas/services/views/services'
import { formatExact } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'

const SKEW_WORTH_SAYING = 1_000

/** What is odd about a process, and what it means for the reader. */
export function ProcessNotices({ row }: { row: ProcessRow }) {
  const { state, skew = 0, droppedEvents, unsupported } = row
  return (
    <div className="grid gap-2 p-4 pb-0 empty:hidden">
      {state === 'lost' || state === 'late' ? (
        <Callout
          tone={state === 'lost' ? 'bad' : 'warning'}
          mark={<StatusMark status={state === 'lost' ? 'bad' : 'warning'} />}
          title={
            <>
              Silent for <RelativeTime at={row.lastBeatAt} as="age" />
            </>
          }
        >
          <p>
            {state === 'lost'
              ? 'It did not say that it stops: it crashed, was killed, or cannot reach Redis. What is shown is what it last reported.'
              : 'Three heartbeats are missing: it is overloaded, paused or disconnected. It is lost after twelve seconds of silence.'}
          </p>
        </Callout>
      ) : null}
      {unsupported === undefined ? null : (
        <Callout
          tone="unknown"
          mark={<StatusMark status="unknown" />}
          title={`It speaks version ${unsupported} of the fleet protocol`}
        >
          <p>This console does not understand it, so its figures and parts are not shown. Update the console.</p>
        </Callout>
      )}
      {Math.abs(skew) > SKEW_WORTH_SAYING ? (
        <Callout
          tone="warning"
          mark={<StatusMark status="warning" />}
          title={`Its clock is ${formatDuration(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} Redis`}
        >
          <p>Times here are corrected for it; times in its own log are not. Synchronise the clock of its host (NTP).</p>
        </Callout>
      ) : null}
      {droppedEvents > 0 ? (
        <Callout
          tone="warning"
          mark={<StatusMark status="warning" />}
          title={`${formatExact(droppedEvents)} of its events were dropped`}
        >
          <p>Redis was away for longer than it could keep them: what happened below has gaps.</p>
        </Callout>
      ) : null}
    </div>
  )
}
