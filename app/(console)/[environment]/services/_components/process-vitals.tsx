import type { ReactNode } from 'react'
import { Duration } from '@/components/status/duration'
import { Meter } from '@/components/status/meter'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { cn } from '@/components/ui/cn'
import type { ProcessRow } from '@/lib/console/areas/services/views/services'
import { formatBytes, formatPercent } from '@/lib/core/number-format'

/** The figures of its last beat. Greyed once it is silent: they are what it last said. */
export function ProcessVitals({ row }: { row: ProcessRow }) {
  const { vitals, state } = row
  if (!vitals) {
    return (
      <p className="p-4 text-md text-muted">
        {state === 'up' || state === 'late' ? 'Its figures are not known.' : 'Its last figures have expired.'}
      </p>
    )
  }
  const share = vitals.heap / vitals.heapLimit
  return (
    <div data-stale={state === 'up' ? undefined : true} className="p-4">
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line wide:grid-cols-4">
        <Figure label="CPU" value={<ShortNumber value={vitals.cpu} />} note="cores" />
        <Figure label="Memory" value={<ShortNumber value={vitals.rss} as="bytes" />} note="resident" />
        <Figure
          label="Heap"
          value={formatPercent(share)}
          note={
            <span
              className="flex items-center gap-1.5"
              title={`${formatBytes(vitals.heap)} of ${formatBytes(vitals.heapLimit)}`}
            >
              <Meter label="Heap in use" value={vitals.heap} max={vitals.heapLimit} className="w-10" />
              of {formatBytes(vitals.heapLimit)}
            </span>
          }
        />
        <Figure label="Loop delay" value={<Duration ms={vitals.lag} />} note="99th percentile" />
      </dl>
    </div>
  )
}

function Figure({ label, value, note }: { label: string; value: ReactNode; note: ReactNode }) {
  return (
    <div className={cn('min-w-0 bg-panel px-3 py-2')}>
      <dt className="text-sm text-muted">{label}</dt>
      <dd>
        <span className="block text-xl font-semibold tabular-nums">{value ?? <Unknown />}</span>
        <span className="block truncate text-sm text-muted">{note}</span>
      </dd>
    </div>
  )
}
