import { type Fact, KeyValue } from '@/components/status/key-value'
import { RelativeTime } from '@/components/status/relative-time'
import { AppLink } from '@/components/ui/app-link'
import type { EventFacts as Facts } from '@/lib/console/areas/events/deliveries'
import type { StoredIn } from '@/lib/console/areas/events/stored'

interface EventFactsProps {
  facts: Facts | undefined
  stored: readonly StoredIn[]
  environment: string
}

/** What its jobs and the outboxes say of it. */
export function EventFacts({ facts, stored, environment }: EventFactsProps) {
  const found = stored.find(({ event }) => event)
  const { type, version, source } = facts ?? found?.event ?? {}
  const at = facts?.at ?? found?.event?.publishedAt
  const unknown = <span className="text-muted">not known</span>
  const list: Fact[] = [
    { label: 'Type', value: type ? `${type}, version ${version}` : unknown },
    {
      label: 'Published',
      value:
        at === undefined ? (
          unknown
        ) : (
          <>
            <RelativeTime at={at} as="clock" /> <span className="text-muted">by {source}</span>
          </>
        ),
    },
    { label: 'Outbox', value: <Stored stored={stored} found={found} /> },
  ]
  if (facts?.causationId)
    list.push({
      label: 'Led to by',
      value: (
        <AppLink
          className="font-mono text-sm break-all underline"
          href={`/${environment}/events?event=${facts.causationId}`}
        >
          {facts.causationId}
        </AppLink>
      ),
    })
  if (facts && facts.correlationId !== facts.causationId)
    list.push({ label: 'Correlation', value: <code className="text-sm break-all">{facts.correlationId}</code> })
  return <KeyValue facts={list} className="px-4 py-3.5" />
}

function Stored({ stored, found }: { stored: readonly StoredIn[]; found: StoredIn | undefined }) {
  if (found?.event)
    return (
      <>
        {found.event.sentAt === undefined ? (
          'waits to be sent'
        ) : (
          <>
            sent <RelativeTime at={found.event.sentAt} as="clock" />
          </>
        )}{' '}
        <span className="text-muted">by the outbox of {found.services.join(', ')}</span>
      </>
    )
  const silent = stored.filter(({ unknownBecause }) => unknownBecause)
  if (silent.length > 0)
    return (
      <span className="break-words text-muted">
        not known:{' '}
        {silent.map(({ services, unknownBecause }) => `${services.join(', ')}: ${unknownBecause}`).join('; ')}
      </span>
    )
  if (stored.length === 0) return <span className="text-muted">no service has one</span>
  return <span className="text-muted">in none, or no longer kept</span>
}
