import { type Fact, KeyValue } from '@/components/status/key-value'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import type { SubscriptionRow } from '@/lib/console/areas/events/subscriptions'

export function SubscriptionFacts({ row }: { row: SubscriptionRow }) {
  const { to, partitions, waiting, waitingSince, deadLetters, perSecond, counts, lastHandledAt } = row
  const facts: Fact[] = [
    { label: 'Events', value: <code className="text-sm break-all">{to.join(', ')}</code> },
    {
      label: 'Order',
      value:
        partitions === 1 ? 'all in the order in which they were published' : `by key, over ${partitions} partitions`,
    },
    {
      label: 'Waiting',
      value: (
        <span className="tabular-nums">
          <ShortNumber value={waiting} />
          {waitingSince === undefined ? null : (
            <>
              , the oldest <RelativeTime at={waitingSince} />
            </>
          )}
        </span>
      ),
    },
    { label: 'Dead letters', value: <ShortNumber value={deadLetters} className="tabular-nums" /> },
    { label: 'Throughput', value: <ShortNumber value={perSecond} unit="/s" className="tabular-nums" /> },
    {
      label: 'Last handled',
      value:
        lastHandledAt === undefined ? (
          <Unknown why="None since its processes started" />
        ) : (
          <RelativeTime at={lastHandledAt} />
        ),
    },
    {
      label: 'Since the start',
      value: counts ? (
        <span className="tabular-nums">
          <ShortNumber value={counts.handled} /> handled, <ShortNumber value={counts.failed} />{' '}
          {counts.failed === 1 ? 'attempt' : 'attempts'} failed, <ShortNumber value={counts.deadLettered} /> given up
        </span>
      ) : (
        <Unknown why="No process reports it" />
      ),
    },
  ]
  return <KeyValue facts={facts} className="px-4 py-3.5" />
}
