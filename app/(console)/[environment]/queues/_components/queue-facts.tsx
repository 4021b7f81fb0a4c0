import { ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { queueTitle } from '@/app/(console)/_parts/queues/queue-title'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { Unknown } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Callout } from '@/components/ui/callout'
import type { QueueData } from '@/lib/console/areas/queues/views/queue'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import type { Part } from '@/lib/console/platform/part/part'
import { formatExact } from '@/lib/core/number-format'
import { formatWhole } from '@/lib/core/time-format'
import { HeldBack } from './held-back'
import type { SheetUrl } from './queue-sheet'
import { troubleWords } from './queue-state'
import { Quiet } from './quiet'

type Detail = QueueData['queue'] extends Part<infer D> ? D : never

interface QueueFactsProps {
  row: QueueRow
  detail: Detail
  registeredWorkers: QueueData['registeredWorkers']
  url: SheetUrl
}

export function QueueFacts({ row, detail, registeredWorkers, url }: QueueFactsProps) {
  const facts: Fact[] = [
    ...(row.rate.known ? [] : [{ label: 'Rate', value: <Quiet>{`not known: ${row.rate.reason}`}</Quiet> }]),
    {
      label: 'Oldest waiting',
      value:
        row.waitingSince === undefined ? (
          <Quiet>
            {row.waiting === 0 ? 'none waits' : 'not known: those that come next were tried or promoted before'}
          </Quiet>
        ) : (
          <>
            <RelativeTime at={row.waitingSince} as="age" />
            <Quiet>, since</Quiet> <RelativeTime at={row.waitingSince} as="clock" />
          </>
        ),
    },
    { label: 'Workers', value: <Workers detail={detail} registeredWorkers={registeredWorkers} /> },
    ...(row.concurrency === undefined
      ? []
      : [{ label: 'At a time', value: `${formatExact(row.concurrency)} over all workers` }]),
    ...(detail.limits.rate === undefined
      ? []
      : [
          {
            label: 'Rate limit',
            value: `${formatExact(detail.limits.rate.max)} in ${formatWhole(detail.limits.rate.durationMs)}, over all workers`,
          },
        ]),
    {
      label: 'Last failed',
      value: row.lastFailedAt === undefined ? <Quiet>no dead letters</Quiet> : <RelativeTime at={row.lastFailedAt} />,
    },
    ...(row.nextDueAt === undefined
      ? []
      : [{ label: 'Next is due', value: <RelativeTime at={row.nextDueAt} as="clock" /> }]),
    ...(detail.schedulers.length === 0 ? [] : [{ label: 'Schedules', value: <Schedules detail={detail} /> }]),
    {
      label: 'Written by',
      value: row.version ? (
        <code>{row.version}</code>
      ) : row.major ? (
        <>
          BullMQ {row.major}
          <Quiet>{`, ${row.majorKnown}; it names no version`}</Quiet>
        </>
      ) : (
        <Quiet>it does not say</Quiet>
      ),
    },
  ]
  return (
    <>
      {row.readOnlyBecause ? (
        <Callout
          tone="unknown"
          mark={<StatusMark status="unknown" />}
          className="m-4 mb-0"
          title="It is read-only here"
        >
          <p>
            {row.readOnlyBecause}
            {row.settable ? ' Set its version, and acts go by those rules.' : ''}
          </p>
        </Callout>
      ) : null}
      {row.troubles.map(trouble => {
        const { title, text } = troubleWords(trouble)
        const status = row.severities[row.troubles.indexOf(trouble)] ?? 'warning'
        return (
          <Callout
            key={trouble}
            tone={status === 'bad' ? 'bad' : 'warning'}
            mark={<StatusMark status={status} />}
            title={title}
            className="m-4 mb-0"
          >
            <p>{text}</p>
            {trouble === 'paused' ? <PausedBy pause={detail.pause} /> : null}
            {trouble === 'dead-children' && row.deadChildren ? <WhereDead dead={row.deadChildren} url={url} /> : null}
          </Callout>
        )
      })}
      <HeldBack row={row} registeredWorkers={registeredWorkers} />
      <KeyValue facts={facts} className="px-4 py-3.5 tabular-nums" />
    </>
  )
}

/** Who paused it, until when and why, where that is known. */
function PausedBy({ pause }: { pause: Detail['pause'] }) {
  if (!pause) return <p>Paused by a program.</p>
  const { by, reason, at, until } = pause
  return (
    <p>
      Paused by {by} <RelativeTime at={at} />
      {until === undefined ? null : (
        <>
          {' '}
          until <RelativeTime at={until} as="clock" />
        </>
      )}
      {reason ? `: ${reason}` : '.'}
    </p>
  )
}

/** In which queues the dead letters lie that parents wait for, and how many wait. */
function WhereDead({ dead, url }: { dead: NonNullable<QueueRow['deadChildren']>; url: SheetUrl }) {
  const list = { jobs: undefined, jq: undefined, page: undefined, look: undefined }
  return (
    <ShallowLinks>
      <ul>
        {dead.queues.map(({ key, parents }) => (
          <li key={key}>
            {parents === 1 ? 'One waits' : `${formatExact(parents)} wait`} for a dead letter in{' '}
            <AppLink href={url.href({ ...list, queue: key })} scroll={false} className="break-all text-accent">
              {queueTitle(key)}
            </AppLink>
          </li>
        ))}
      </ul>
      {dead.examined > dead.parents ? (
        <p className="text-sm text-muted">Of the {formatExact(dead.examined)} that wait longest.</p>
      ) : null}
    </ShallowLinks>
  )
}

function Workers({ detail, registeredWorkers }: { detail: Detail; registeredWorkers: QueueData['registeredWorkers'] }) {
  const known =
    registeredWorkers.status === 'down'
      ? []
      : registeredWorkers.data.toSorted((a, b) => Number(b.alive) - Number(a.alive)).slice(0, 12)
  return (
    <>
      {detail.workers.known ? (
        detail.workers.value.length === 0 ? (
          <b className="font-medium">none</b>
        ) : (
          <>
            {formatExact(detail.workers.value.length)} <Quiet>connected</Quiet>
          </>
        )
      ) : (
        <Unknown why={detail.workers.reason} />
      )}
      {detail.workers.known ? null : <p className="text-sm text-muted">{detail.workers.reason}</p>}
      {known.map(station => (
        <p key={`${station.process} ${station.name}`} className="flex min-w-0 items-center gap-1.5 text-sm">
          <StatusMark
            status={!station.alive ? 'unknown' : station.paused || station.heldBy ? 'warning' : 'good'}
            className="size-2.5"
          />
          <MiddleTruncate text={station.instance} />
          <span className="shrink-0 text-muted">
            {!station.alive ? 'silent, ' : station.paused ? 'paused, ' : station.heldBy ? 'held back, ' : ''}
            {formatExact(station.active)} of {formatExact(station.concurrency)} in flight
          </span>
        </p>
      ))}
    </>
  )
}

function Schedules({ detail }: { detail: Detail }) {
  return (
    <ul className="grid gap-0.5">
      {detail.schedulers.slice(0, 20).map(({ key, name, pattern, everyMs, timeZone, nextAt }) => (
        <li key={key} className="min-w-0">
          <span className="break-words">{name || key}</span>{' '}
          <span className="text-muted">
            {pattern ? `${pattern}${timeZone ? ` ${timeZone}` : ''}` : everyMs ? `every ${formatWhole(everyMs)}` : ''}
            {nextAt === undefined ? null : (
              <>
                , next <RelativeTime at={nextAt} as="clock" />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
