import { PartDown } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import type { QueueServerRow } from '@/lib/console/areas/queues/views/queues'

/** Prefixes named in a notice. */
const NAMED = 6

/** What keeps the list from being whole, server by server: one that is down, that may not be searched, that throws jobs away. */
export function ServerNotices({ servers }: { servers: readonly QueueServerRow[] }) {
  const notices = servers.flatMap(server => noticesOf(server))
  if (notices.length === 0) return null
  return <div className="mb-3 grid gap-2">{notices}</div>
}

function noticesOf(server: QueueServerRow) {
  const { name, status, reason = '', since = 0, nextStep, search } = server
  if (status === 'down')
    return [
      <div key={`${name} down`} className="overflow-clip rounded-lg border border-line">
        <PartDown
          what={`Redis ${name}`}
          part={{ reason: `${reason}. Its queues are missing below.`, since, nextStep }}
        />
      </div>,
    ]
  const notices = []
  if (status === 'stale')
    notices.push(
      <Callout key={`${name} stale`} role="status" tone="unknown" mark={<StatusMark status="unknown" />}>
        <p>
          {reason}, since <RelativeTime at={since} as="clock" />. Its queues are shown as they last were.
        </p>
      </Callout>,
    )
  if (search?.trouble)
    notices.push(
      <Callout key={`${name} search`} tone="warning" mark={<StatusMark status="warning" />}>
        <p>
          Queues of {name} cannot be looked for: {search.trouble.reason}. {search.trouble.nextStep}
        </p>
      </Callout>,
    )
  else if (search && search.completedAt === undefined)
    notices.push(
      <Callout key={`${name} searching`}>
        <p>The keys of {name} are still being searched for queues; more may be listed.</p>
      </Callout>,
    )
  if (search && search.elsewhere.length > 0)
    notices.push(
      <Callout key={`${name} elsewhere`}>
        <p>
          Only queues under {server.prefixes?.join(', ')} are shown of {name}, as <code>substation.config.ts</code>{' '}
          declares. There are others: {prefixesOf(search)}. Remove <code>prefixes</code> there to see all.
        </p>
      </Callout>,
    )
  if (server.evicts && server.queues > 0)
    notices.push(
      <Callout key={`${name} evicts`} tone="warning" mark={<StatusMark status="warning" />}>
        <p>
          Redis {name} evicts keys when its memory is full (<code>{server.evictionPolicy}</code>): jobs may vanish.
          Queues need <code>noeviction</code>.
        </p>
      </Callout>,
    )
  return notices
}

function prefixesOf({ elsewhere, elsewhereRest }: NonNullable<QueueServerRow['search']>): string {
  const named = elsewhere.slice(0, NAMED).map(({ prefix, queues }) => `${prefix} (${queues.toLocaleString('en')})`)
  const more = elsewhere.slice(NAMED).reduce((sum, { queues }) => sum + queues, elsewhereRest)
  return `${named.join(', ')}${more > 0 ? `, and ${more.toLocaleString('en')} more ${more === 1 ? 'queue' : 'queues'}` : ''}`
}
