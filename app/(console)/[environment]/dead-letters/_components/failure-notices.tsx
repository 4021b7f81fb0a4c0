import { PartDown } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import type { FailureServerRow } from '@/lib/console/areas/dead-letters/views/dead-letters'
import { formatExact } from '@/lib/core/number-format'

/** What keeps the list from being whole, server by server. */
export function FailureNotices({ servers }: { servers: readonly FailureServerRow[] }) {
  const notices = servers.flatMap(server => noticeOf(server) ?? [])
  if (notices.length === 0) return null
  return <div className="mb-3 grid gap-2">{notices}</div>
}

function noticeOf({
  name,
  status,
  reason = '',
  since = 0,
  nextStep,
  complete,
  deadLetters,
  examined,
}: FailureServerRow) {
  if (status === 'down')
    return (
      <div key={name} className="overflow-clip rounded-lg border border-line">
        <PartDown
          what={`Redis ${name}`}
          part={{ reason: `${reason}. Its dead letters are missing below.`, since, nextStep }}
        />
      </div>
    )
  if (status === 'stale')
    return (
      <Callout key={name} role="status" tone="unknown" mark={<StatusMark status="unknown" />}>
        <p>
          {reason}, since <RelativeTime at={since} as="clock" />. Its dead letters are shown as they last were.
        </p>
      </Callout>
    )
  if (!complete)
    return (
      <Callout key={name}>
        <p>The queues of {name} are still being examined; more dead letters may be listed.</p>
      </Callout>
    )
  if (examined < deadLetters)
    return (
      <Callout key={name}>
        <p className="tabular-nums">
          {name} has {formatExact(deadLetters)} dead letters. {formatExact(examined)} of them, spread over all, were
          examined; counts with ≈ are estimated from those.
        </p>
      </Callout>
    )
  return undefined
}
