'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { PartBoundary } from '@/components/status/part-boundary'
import { Skeleton } from '@/components/ui/skeleton'
import type { QueueRow } from '@/lib/console/areas/queues/views/queues'
import type { SampleTimes, QueueTimes as Times, TimesData } from '@/lib/console/areas/queues/views/times'
import { formatExact, formatShort } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'
import { Quiet } from './quiet'

/** How long jobs wait and take, and how long until nothing waits. */
export function QueueTimes({ environment, row: { server, key } }: { environment: string; row: QueueRow }) {
  const { reading, failed } = useView<TimesData>(
    { view: 'queue-times', environment, filters: { server, queue: key } },
    undefined,
  )
  const part = reading?.data.times
  const known = part && part.status !== 'down' ? part.data : undefined
  return (
    <Section title="Times" note={known ? sampleWords(known) : undefined}>
      {part ? (
        <PartBoundary part={part} what={`Redis ${server}`}>
          {times => (times ? <KeyValue facts={factsOf(times)} className="px-4 py-1 tabular-nums" /> : null)}
        </PartBoundary>
      ) : failed ? (
        <p className="px-4 py-1 text-md text-muted">It could not be read: {failed}</p>
      ) : (
        <div role="status" aria-label="Times are being read" className="grid gap-2 px-4 py-1">
          <Skeleton className="h-4 w-64" />
          <Skeleton className="h-4 w-56" />
        </div>
      )}
    </Section>
  )
}

function factsOf({ jobs, retried, waited, processed, drain }: Times): Fact[] {
  const none = jobs === 0 ? 'not known: no finished job is kept' : undefined
  return [
    {
      label: 'In the queue',
      value: waited ? <Percentiles of={waited} among={jobs} /> : <Quiet>{none ?? 'not known of any of them'}</Quiet>,
    },
    {
      label: 'Processing',
      value: processed ? (
        <>
          <Percentiles of={processed} among={jobs} />
          {retried > 0 ? (
            <Quiet>{` last attempts only: ${formatExact(retried)} were tried more than once`}</Quiet>
          ) : null}
        </>
      ) : (
        <Quiet>{none ?? 'not known of any of them'}</Quiet>
      ),
    },
    { label: 'Drains', value: <DrainWords drain={drain} /> },
  ]
}

function Percentiles({ of: { jobs, ...shares }, among }: { of: SampleTimes; among: number }) {
  return (
    <span className="inline-flex flex-wrap gap-x-3">
      {(['p50', 'p95', 'p99'] as const).map(share => (
        <span key={share} className="whitespace-nowrap">
          <span className="text-muted">{share}</span> <Duration ms={shares[share]} />
        </span>
      ))}
      {jobs < among ? <Quiet>{`known of ${formatExact(jobs)}`}</Quiet> : null}
    </span>
  )
}

function DrainWords({ drain }: { drain: Times['drain'] }) {
  switch (drain.state) {
    case 'empty':
      return <Quiet>nothing waits</Quiet>
    case 'unknown':
      return <Quiet>{`not known: ${drain.reason}`}</Quiet>
    case 'steady':
      return <>not at all: it stays as it is{over(drain)}</>
    case 'grows':
      return (
        <>
          not at all: more comes than goes <Quiet>{`(${formatShort(drain.perSecond)}/s${over(drain)})`}</Quiet>
        </>
      )
    case 'drains':
      return (
        <>
          in about {formatDuration(drain.ms)} <Quiet>{`(${formatShort(drain.perSecond)}/s less${over(drain)})`}</Quiet>
        </>
      )
  }
}

const over = ({ overMs }: { overMs: number }) => `, over the last ${formatDuration(overMs)}`

function sampleWords({ jobs, from, to }: Times): string {
  if (jobs === 0 || from === undefined || to === undefined) return ''
  return jobs === 1
    ? 'of the job that finished last'
    : `of the last ${formatExact(jobs)} that finished, within ${formatDuration(to - from)}`
}
