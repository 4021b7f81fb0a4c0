import { timeTicks } from '@/components/charts/time-axis'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { StatusMark } from '@/components/status/status-mark'
import { cn } from '@/components/ui/cn'
import type { ShownState } from '@/lib/console/areas/breakers/collect'
import type { History, StateLane } from '@/lib/console/areas/breakers/history'
import { formatClock } from '@/lib/core/time-format'

const FILL: Record<ShownState, string> = {
  open: 'bg-bad',
  'half-open': 'bg-warning',
  closed: 'bg-good/25',
  unknown: 'bg-line-strong',
}
/** Height tells states apart where hue does not. */
const HEIGHT: Record<ShownState, string> = { open: 'h-4', 'half-open': 'h-2.5', closed: 'h-1', unknown: 'h-1' }
const STATES: readonly ShownState[] = ['open', 'half-open', 'closed']

/** The states of a breaker in each process on one axis, with what happened above them. */
export function StateLanes({ history }: { history: History }) {
  const { from, to, lanes, marks } = history
  const share = (at: number) => `${(Math.min(1, Math.max(0, (at - from) / (to - from))) * 100).toFixed(2)}%`
  return (
    <div className="px-4 pb-2">
      <div aria-hidden className="grid gap-1">
        {marks.length > 0 ? (
          <div className="relative ml-28 h-5">
            {marks.map(mark => (
              <span
                key={mark.id}
                title={`${formatClock(mark.at)} ${mark.text}`}
                className="absolute top-1/2 -translate-x-1/2 -translate-y-1/2"
                style={{ left: share(mark.at) }}
              >
                <span
                  className={cn('block size-2', mark.kind === 'act' ? 'rounded-full bg-accent' : 'rotate-45 bg-muted')}
                />
              </span>
            ))}
          </div>
        ) : null}
        {lanes.map(lane => (
          <Lane key={`${lane.service} ${lane.instance}`} lane={lane} share={share} />
        ))}
        <div className="relative ml-28 h-5 border-t border-line text-xs text-faint">
          {timeTicks({ from, to }, 4).map(tick => (
            <span
              key={tick.at}
              className="absolute top-0.5 -translate-x-1/2"
              style={{ left: `min(${share(tick.at)}, calc(100% - 1rem))` }}
            >
              {tick.label}
            </span>
          ))}
        </div>
      </div>
      <ul className="sr-only">
        {lanes.map(lane => (
          <li key={`${lane.service} ${lane.instance}`}>
            {lane.instance}: {lane.spans.map(span => `${span.state} from ${formatClock(span.from)}`).join(', ')}
          </li>
        ))}
      </ul>
      <Legend states={lanes.length > 0} marks={marks} />
    </div>
  )
}

function Lane({ lane, share }: { lane: StateLane; share: (at: number) => string }) {
  return (
    <div className="flex items-center">
      <span className="w-28 shrink-0 pr-2 text-sm">
        <MiddleTruncate text={lane.instance} />
      </span>
      <div className="relative h-5 flex-1">
        {lane.spans.map(({ from, to, state }) => (
          <span
            key={from}
            title={`${state}, ${formatClock(from)} to ${formatClock(to)}`}
            className={cn('absolute top-1/2 min-w-0.5 -translate-y-1/2 rounded-[1px]', FILL[state], HEIGHT[state])}
            style={{ left: share(from), width: `calc(${share(to)} - ${share(from)})` }}
          />
        ))}
      </div>
    </div>
  )
}

function Legend({ states, marks }: { states: boolean; marks: History['marks'] }) {
  return (
    <ul className="mt-1 ml-28 flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
      {(states ? STATES : []).map(state => (
        <li key={state} className="inline-flex items-center gap-1.5">
          <StatusMark status={STATUS[state]} className="size-2.5" />
          {state}
        </li>
      ))}
      {marks.some(({ kind }) => kind === 'deploy') ? (
        <li className="inline-flex items-center gap-1.5">
          <span className="size-2 rotate-45 bg-muted" /> deploy
        </li>
      ) : null}
      {marks.some(({ kind }) => kind === 'act') ? (
        <li className="inline-flex items-center gap-1.5">
          <span className="size-2 rounded-full bg-accent" /> act
        </li>
      ) : null}
    </ul>
  )
}

const STATUS = { open: 'bad', 'half-open': 'warning', closed: 'good', unknown: 'unknown' } as const
