import { type ChartEvent, type ChartTime, shareOf } from '@/components/charts/chart-series'
import { clustersOf } from '@/components/charts/clusters'
import { EVENT_STROKES } from '@/components/charts/palette'
import { cn } from '@/components/ui/cn'

/** Of the axis: so wide are the words on a phone. */
const NEAR = 0.2

/** Lines where something happened. Their labels are above the drawing, where no threshold has its own. */
export function EventLines({ events, time }: { events: readonly ChartEvent[]; time: ChartTime }) {
  const share = ({ at }: ChartEvent) => shareOf(at, time)
  return (
    <>
      {events
        .filter(event => share(event) >= 0 && share(event) <= 1)
        .map(event => (
          <span
            key={event.id}
            data-event
            className="absolute inset-y-0 w-px opacity-60"
            style={{ left: `${share(event) * 100}%`, background: EVENT_STROKES[event.tone] }}
          />
        ))}
      {clustersOf(events, share, NEAR).map(({ share: at, members: [first, ...rest] }) => (
        <span
          key={first?.id}
          className={cn(
            'absolute bottom-full mb-4 whitespace-nowrap text-xs leading-3 text-muted',
            at > 0.85 ? '-translate-x-full' : at > 0.08 ? '-translate-x-1/2' : '',
          )}
          style={{ left: `${at * 100}%` }}
        >
          {rest.length === 0 ? first?.label : `${rest.length + 1} events`}
        </span>
      ))}
    </>
  )
}
