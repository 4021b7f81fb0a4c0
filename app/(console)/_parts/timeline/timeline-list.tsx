import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { cn } from '@/components/ui/cn'
import type { TimelineEntry } from '@/lib/console/platform/timeline/entry'

interface TimelineListProps {
  environment: string
  entries: readonly TimelineEntry[]
  /** Where the entries themselves are all of one page, a link to it says nothing. */
  linked?: boolean
  className?: string
}

/** What happened, the newest first: clock, mark, sentence. How long ago is in the clock's title. The clock's column is as wide as a date needs where one is of another day. */
export function TimelineList({ environment, entries, linked = true, className }: TimelineListProps) {
  return (
    <ol className={cn('grid grid-cols-[minmax(62px,max-content)_12px_minmax(0,1fr)] gap-x-1.5 text-md', className)}>
      {entries.map(entry => (
        <li
          key={entry.id}
          className={cn(
            'relative col-span-3 grid grid-cols-subgrid px-3.5 py-1.25 touch:py-2.5',
            linked && entry.href && 'hover:bg-sunk',
          )}
        >
          <RelativeTime at={entry.at} as="clock" className="leading-5 whitespace-nowrap text-faint" />
          <span className="flex h-5 items-center justify-center">
            <ToneMark tone={entry.tone} />
          </span>
          {linked && entry.href ? (
            <AppLink
              href={`/${environment}/${entry.href}`}
              className="min-w-0 break-words -outline-offset-2 after:absolute after:inset-0"
            >
              {entry.text}
            </AppLink>
          ) : (
            <span className="min-w-0 break-words">{entry.text}</span>
          )}
        </li>
      ))}
    </ol>
  )
}

function ToneMark({ tone }: { tone: TimelineEntry['tone'] }) {
  if (tone === 'accent' || tone === 'neutral')
    return (
      <span aria-hidden className={cn('size-2 rounded-[2px]', tone === 'accent' ? 'bg-accent' : 'bg-line-strong')} />
    )
  return <StatusMark status={tone} className="size-2.5" />
}
