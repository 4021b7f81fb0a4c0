import { Countdown } from '@/components/status/countdown'
import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import type { GroupActivity } from '@/lib/console/areas/caches/group-activity'

/** That an operator has switched it off, before any figure that follows from it. */
export function SwitchedNotice({ switched, processes }: { switched: GroupActivity['switched']; processes: number }) {
  if (!switched) return null
  const { mode, by, reason, until } = switched
  return (
    <Callout
      tone="warning"
      mark={<StatusMark status="warning" />}
      title={mode === 'off' ? 'Switched off: every lookup goes to the origin' : 'Read-only: nothing is stored'}
      className="m-4 mb-0"
    >
      <p>
        In {switched.processes} of {processes} processes, by {by}: {reason}.{' '}
        {until === undefined ? (
          'Until it is switched on.'
        ) : (
          <>
            For <Countdown until={until} done="a moment" />.
          </>
        )}
      </p>
    </Callout>
  )
}
