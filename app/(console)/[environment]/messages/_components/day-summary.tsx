import type { MessagesData } from '@/lib/console/areas/messages/views/messages'
import { formatExact, formatPercent } from '@/lib/core/number-format'

type Counts = NonNullable<MessagesData['counts']>
type Status = Extract<Counts, { status: 'up' }>['data'][number]['status']

const SHOWN: readonly (readonly [Status, string, 'bad' | undefined])[] = [
  ['queued', 'queued', undefined],
  ['scheduled', 'scheduled', undefined],
  ['sent', 'sent', undefined],
  ['delivered', 'delivered', undefined],
  ['bounced', 'bounced', 'bad'],
  ['complained', 'complained of', 'bad'],
  ['failed', 'failed', 'bad'],
]

/** The last 24 hours in a line. */
export function DaySummary({ counts }: { counts: Counts }) {
  if (counts.status === 'down') return null
  const sum = (status: Status) =>
    counts.data.filter(one => one.status === status).reduce((total, { count }) => total + count, 0)
  const all = counts.data.reduce((total, { count }) => total + count, 0)
  return (
    <p className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-md text-muted">
      <span>
        In 24 hours <span className="font-medium text-ink tabular-nums">{formatExact(all)}</span>
      </span>
      {SHOWN.map(([status, words, tone]) => {
        const count = sum(status)
        if (count === 0 && tone !== 'bad') return null
        return (
          <span key={status}>
            <span className={`tabular-nums ${tone === 'bad' && count > 0 ? 'text-bad' : 'text-ink'}`}>
              {formatExact(count)}
            </span>{' '}
            {words}
            {tone === 'bad' && count > 0 ? ` (${formatPercent(count / all)})` : ''}
          </span>
        )
      })}
    </p>
  )
}
