import { Pin } from 'lucide-react'
import { type Status, StatusBadge } from '@/components/status/status-mark'
import type { ShownState } from '@/lib/console/areas/breakers/collect'
import type { BreakerGroup } from '@/lib/console/areas/breakers/group'

export type ForcedState = 'open' | 'closed' | 'shadow'

export const breakerStatus: Record<ShownState, Status> = {
  open: 'bad',
  'half-open': 'warning',
  closed: 'good',
  unknown: 'unknown',
}

const words: Record<ShownState, { word: string; meaning: string }> = {
  open: { word: 'Open', meaning: 'Calls are rejected without being made.' },
  'half-open': { word: 'Half-open', meaning: 'A probe is under way: its outcome closes or opens it.' },
  closed: { word: 'Closed', meaning: 'Calls go through.' },
  unknown: { word: 'Unknown', meaning: 'Its process has fallen silent.' },
}

const held: Record<ForcedState, { status: Status; word: string; meaning: string }> = {
  open: { status: 'bad', word: 'Forced open', meaning: 'Held open by an operator: calls are rejected.' },
  closed: { status: 'warning', word: 'Forced closed', meaning: 'Held closed by an operator: every call goes through.' },
  shadow: {
    status: 'warning',
    word: 'Shadow',
    meaning: 'Held by an operator: every call goes through, the breaker only computes.',
  },
}

interface BreakerStateBadgeProps {
  state: ShownState
  /** An operator holds it: shown by a pin, a ring and another word, so that it is never mistaken for the breaker's own state. */
  forced?: ForcedState
}

/** What happens to the next call. Quiet while closed. */
export function BreakerStateBadge({ state, forced }: BreakerStateBadgeProps) {
  if (forced && state !== 'unknown') {
    const { status, word, meaning } = held[forced]
    return (
      <StatusBadge status={status} title={meaning} className="inset-ring inset-ring-current/60">
        <Pin aria-hidden className="mr-1 -ml-0.5 inline size-3 fill-current align-[-2px]" />
        {word}
      </StatusBadge>
    )
  }
  const { word, meaning } = words[state]
  return (
    <StatusBadge status={breakerStatus[state]} quiet={state === 'closed'} title={meaning}>
      {word}
    </StatusBadge>
  )
}

/** The one badge of a dependency: its gravest state, forced when an operator is all that is behind it. */
export function GroupStateBadge({ group }: { group: BreakerGroup }) {
  return <BreakerStateBadge state={group.state} forced={heldBehind(group)} />
}

/** Where the badge does not speak for all processes: `in 2 of 3`, `forced in 1 of 3`. */
export function disagreementOf(group: BreakerGroup): string | undefined {
  const { counts, processes, state, forced } = group
  const parts: string[] = []
  if (counts[state] < processes) parts.push(`in ${counts[state]} of ${processes}`)
  if (forced && heldBehind(group) === undefined) parts.push(`forced in ${forced.count} of ${processes}`)
  return parts.length > 0 ? parts.join(', ') : undefined
}

/** The forced state that is behind the effective one: everything in that state is held there. */
function heldBehind({ state, counts, forced }: BreakerGroup): ForcedState | undefined {
  if (forced?.states.length !== 1 || forced.count !== counts[state]) return undefined
  const held = forced.states[0] as ForcedState
  return (held === 'open') === (state === 'open') ? held : undefined
}
