'use client'

import { useState } from 'react'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useView } from '@/app/(console)/_frame/use-view'
import { ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { OperationButton } from '@/components/operation/operation-button'
import { ReasonField } from '@/components/operation/reason-field'
import { PartBoundary } from '@/components/status/part-boundary'
import { RelativeTime } from '@/components/status/relative-time'
import { Button } from '@/components/ui/button'
import type { DeduplicationData } from '@/lib/console/areas/queues/views/deduplication'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import { formatExact } from '@/lib/core/number-format'
import type { DeduplicationKeys, HeldBackAdditions } from '@/lib/infrastructure/queue'
import { DeduplicationLine, SameIdLine } from './deduplication-line'
import type { SheetUrl } from './queue-sheet'

interface DeduplicationProps {
  environment: string
  row: QueueRow
  url: SheetUrl
}

interface ReleaseInput {
  server: string
  queue: string
  which: { by: 'left-over' } | { by: 'ids'; keys: { id: string; job: string }[] }
  reason: string
}

/** The deduplication keys of a queue, those that are left over first, and jobs whose id keeps others out. */
export function Deduplication({ environment, row, url }: DeduplicationProps) {
  const [from, setFrom] = useState('0')
  const { server, key: queue } = row
  const filters = { server, queue, ...(from === '0' ? {} : { from }) }
  const { reading, failed } = useView<DeduplicationData>(
    { view: 'queue-deduplication', environment, filters },
    undefined,
  )
  if (!reading) return <SheetWaiting what="The deduplication keys" failed={failed} />
  return (
    <PartBoundary part={reading.data.deduplication} what={`Redis ${server}`}>
      {data =>
        data ? (
          <ShallowLinks>
            <Keys data={data} partly={from !== '0' || data.next !== undefined} row={row} url={url} />
            <Scanned data={data} onMore={setFrom} />
            <SameIds heldBack={data.heldBack} url={url} />
            <Counted heldBack={data.heldBack} />
          </ShallowLinks>
        ) : null
      }
    </PartBoundary>
  )
}

interface KeysProps {
  data: Found
  /** Not all keys of this Redis were scanned for it. */
  partly: boolean
  row: QueueRow
  url: SheetUrl
}

function Keys({ data: { keys, cut, leftOver, heldBack }, partly, row, url }: KeysProps) {
  const among = partly ? ' among those scanned' : ''
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 px-4 py-1 text-md">
        {keys.length === 0 ? (
          <span className="flex-1 text-muted">No deduplication key was found in this queue{among}.</span>
        ) : (
          <span className="flex-1 tabular-nums">
            {cut ? 'The first ' : ''}
            {formatExact(keys.length)} {keys.length === 1 ? 'key' : 'keys'},{' '}
            {leftOver.count > 0 ? formatExact(leftOver.count) : 'none'} left over{among}
          </span>
        )}
        {leftOver.count > 0 || partly ? (
          <Release row={row} which={{ by: 'left-over' }} label="Release all left over…" />
        ) : null}
      </div>
      <ul>
        {keys.map(one => (
          <DeduplicationLine key={one.id} one={one} heldBack={heldBack.byKey[one.id] ?? 0} url={url}>
            <Release row={row} which={{ by: 'ids', keys: [{ id: one.id, job: one.job }] }} label="Release…" />
          </DeduplicationLine>
        ))}
      </ul>
    </>
  )
}

function Release({ row, which, label }: { row: QueueRow; which: ReleaseInput['which']; label: string }) {
  return (
    <OperationButton<ReleaseInput>
      operation={useOperation('queue.release-deduplication')}
      input={{ server: row.server, queue: row.key, which, reason: '' }}
      label={label}
      subject={row.title}
      size="sm"
    >
      {({ value, change, errors }) => (
        <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
      )}
    </OperationButton>
  )
}

type Found = DeduplicationKeys & { heldBack: HeldBackAdditions }

/** A Redis of many millions of keys is scanned in parts. */
function Scanned({ data: { scanned, total, next, cut }, onMore }: { data: Found; onMore: (from: string) => void }) {
  return (
    <>
      {cut ? (
        <p className="px-4 py-1 text-sm text-muted">
          There are more. Those left over come first, and Release all left over takes every one of them.
        </p>
      ) : null}
      {next === undefined ? null : (
        <div className="flex flex-wrap items-center gap-2 px-4 py-1 text-sm tabular-nums">
          <span className="min-w-0 flex-1">
            About {formatExact(scanned)} of the {formatExact(total)} keys of this Redis were scanned.
          </span>
          <Button size="sm" onClick={() => onMore(next)}>
            Scan the next
          </Button>
        </div>
      )}
    </>
  )
}

function SameIds({ heldBack: { byJob }, url }: { heldBack: HeldBackAdditions; url: SheetUrl }) {
  if (byJob.length === 0) return null
  return (
    <>
      <p className="px-4 pt-1.5 text-sm text-muted">Not added, because a job of that id existed</p>
      <ul>
        {byJob.map(job => (
          <SameIdLine key={job.id} job={job} url={url} />
        ))}
      </ul>
    </>
  )
}

function Counted({ heldBack: { events, since } }: { heldBack: HeldBackAdditions }) {
  return (
    <p className="px-4 py-1 text-sm text-muted tabular-nums">
      {since === undefined ? (
        'How many additions were held back is not known: the queue keeps no events.'
      ) : (
        <>
          Counted in the kept events: {formatExact(events)}, since <RelativeTime at={since} as="clock" />.
        </>
      )}
    </p>
  )
}
