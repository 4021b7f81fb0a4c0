import { RelativeTime } from '@/components/status/relative-time'
import { AppLink } from '@/components/ui/app-link'
import type { Delivery } from '@/lib/console/areas/events/deliveries'
import { DeliveryBadge } from './states'

interface DeliveryLinesProps {
  deliveries: readonly Delivery[]
  cut: boolean
  replaysUnknown: boolean
  environment: string
}

/** What became of an event in each subscription, and in each replay of it. */
export function DeliveryLines({ deliveries, cut, replaysUnknown, environment }: DeliveryLinesProps) {
  if (deliveries.length === 0) return <p className="px-4 py-1 text-md text-muted">There are no subscriptions.</p>
  return (
    <>
      <ul className="divide-y divide-line">
        {deliveries.map(delivery => (
          <li key={`${delivery.subscription}/${delivery.job ?? ''}`} className="grid gap-0.5 px-4 py-1.5 text-md">
            <span className="flex flex-wrap items-center gap-x-3">
              <AppLink
                className="font-medium hover:underline touch:py-2"
                href={`/${environment}/events?subscription=${encodeURIComponent(delivery.subscription)}`}
              >
                {delivery.subscription}
              </AppLink>
              <DeliveryBadge state={delivery.state} />
              {delivery.finishedAt === undefined ? null : (
                <RelativeTime at={delivery.finishedAt} as="clock" className="ml-auto text-sm text-muted tabular-nums" />
              )}
            </span>
            <Notes delivery={delivery} environment={environment} />
          </li>
        ))}
      </ul>
      {cut ? (
        <p className="px-4 py-1 text-sm text-muted">There are more queues, or older replays, than were looked into.</p>
      ) : null}
      {replaysUnknown ? (
        <p className="px-4 py-1 text-sm text-muted">
          Replays from this console could not be read: deliveries of them may be missing.
        </p>
      ) : null}
    </>
  )
}

function Notes({ delivery, environment }: { delivery: Delivery; environment: string }) {
  const { state, server, queue, title, job, error, replay, unknownBecause } = delivery
  return (
    <>
      {error || unknownBecause ? <p className="text-sm break-words text-bad">{error ?? unknownBecause}</p> : null}
      {state === 'none' ? <p className="text-sm text-muted">Not sent yet, or handled and no longer kept.</p> : null}
      <p className="flex flex-wrap items-center gap-x-3 text-sm text-muted">
        {server && queue && job ? (
          <AppLink
            className="underline touch:py-2"
            href={`/${environment}/queues?${new URLSearchParams({ server, queue, job })}`}
          >
            job in {title}
          </AppLink>
        ) : null}
        {replay ? (
          <AppLink className="underline touch:py-2" href={`/${environment}/audit?run=${replay.id}`}>
            replayed{replay.by ? ` by ${replay.by}` : ''}, <RelativeTime at={replay.at} />
          </AppLink>
        ) : null}
      </p>
    </>
  )
}
