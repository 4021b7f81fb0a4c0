import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import { AppLink } from '@/components/ui/app-link'
import type { QueueFigures } from '@/lib/console/areas/events/queue-figures'

/** The queues of a subscription, each with a way to its jobs and its dead letters. */
export function QueueLines({ queues, environment }: { queues: readonly QueueFigures[]; environment: string }) {
  return (
    <ul className="divide-y divide-line">
      {queues.map(
        ({ key, title, server, waiting, waitingSince, deadLetters, paused, unknownBecause, staleBecause }) => (
          <li key={key} className="grid gap-x-3 px-4 py-1.5 text-md">
            {server === undefined ? (
              <MiddleTruncate text={title} />
            ) : (
              <AppLink
                href={`/${environment}/queues?${new URLSearchParams({ server, queue: key })}`}
                className="flex min-w-0 items-center hover:underline touch:h-(--control)"
              >
                <MiddleTruncate text={title} />
              </AppLink>
            )}
            <p className="flex flex-wrap items-center gap-x-3 text-sm text-muted tabular-nums">
              {unknownBecause === undefined ? (
                <>
                  <span>
                    <ShortNumber value={waiting} /> waiting
                    {waitingSince === undefined ? null : (
                      <>
                        , the oldest <RelativeTime at={waitingSince} />
                      </>
                    )}
                  </span>
                  {deadLetters && server !== undefined ? (
                    <AppLink
                      href={`/${environment}/dead-letters?${new URLSearchParams({ in: key, on: server })}`}
                      className="text-bad underline touch:py-2"
                    >
                      <ShortNumber value={deadLetters} /> dead {deadLetters === 1 ? 'letter' : 'letters'}
                    </AppLink>
                  ) : (
                    <span>
                      <ShortNumber value={deadLetters} /> dead letters
                    </span>
                  )}
                  {paused ? <span className="text-warning">paused</span> : null}
                  {staleBecause ? <span className="break-words">as last known: {staleBecause}</span> : null}
                </>
              ) : (
                <span className="break-words">not known: {unknownBecause}</span>
              )}
            </p>
          </li>
        ),
      )}
    </ul>
  )
}
