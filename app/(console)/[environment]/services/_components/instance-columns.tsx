import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import { ProcessStateBadge } from '@/app/(console)/_parts/processes/process-state'
import type { DataColumn } from '@/components/data-table/data-column'
import { Duration } from '@/components/status/duration'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import { cn } from '@/components/ui/cn'
import type { ProcessRow } from '@/lib/console/areas/services/views/services'
import { formatBytes, formatExact, formatPercent, formatShort } from '@/lib/core/number-format'
import { formatDuration } from '@/lib/core/time-format'

/** A heap this full collects garbage more than it works. */
const HEAP_FULL = 0.85

const columns: DataColumn<ProcessRow>[] = [
  {
    id: 'name',
    header: 'Process',
    sortable: true,
    cell: row => <MiddleTruncate text={row.instance} />,
  },
  { id: 'service', header: 'Service', hideBelow: 'desk', width: 108, cell: row => <Quiet text={row.service} /> },
  {
    id: 'state',
    header: 'State',
    width: 98,
    sortable: true,
    cell: row => <ProcessStateBadge state={row.state} />,
  },
  {
    id: 'beat',
    header: 'Heartbeat',
    hideBelow: 'wide',
    width: 140,
    cell: row => <LastBeat row={row} />,
  },
  { id: 'version', header: 'Version', hideBelow: 'desk', width: 72, cell: row => <Version row={row} /> },
  {
    id: 'age',
    header: 'Started',
    hideBelow: 'broad',
    align: 'end',
    width: 92,
    sortable: true,
    firstSort: 'desc',
    cell: row => (row.startedAt === undefined ? <Unknown /> : <RelativeTime at={row.startedAt} />),
  },
  {
    id: 'cpu',
    header: 'Cores',
    hint: 'Cores in use since its last heartbeat',
    hideBelow: 'wide',
    align: 'end',
    width: 62,
    sortable: true,
    firstSort: 'desc',
    cell: row => (
      <Figure row={row}>
        <ShortNumber value={row.vitals?.cpu} />
      </Figure>
    ),
  },
  {
    id: 'memory',
    header: 'Memory, heap',
    hint: 'Resident memory, and the heap in use as a share of its limit',
    hideBelow: 'desk',
    align: 'end',
    width: 122,
    sortable: true,
    firstSort: 'desc',
    cell: row => <Memory row={row} />,
  },
  {
    id: 'lag',
    header: 'Loop delay',
    hint: 'Event loop delay, 99th percentile since its last heartbeat',
    hideBelow: 'desk',
    align: 'end',
    width: 98,
    sortable: true,
    firstSort: 'desc',
    cell: row => (
      <Figure row={row}>
        <Duration ms={row.vitals?.lag} />
      </Figure>
    ),
  },
  { id: 'has', header: 'Has', hideBelow: 'broad', width: 172, cell: row => <Has row={row} /> },
]

/** Beside a sheet. */
const DISTINGUISHING = new Set(['name', 'state', 'beat', 'cpu'])

export const processRows: ListRows<ProcessRow> = {
  noun: ['process', 'processes'],
  key: row => row.id,
  columns: { alone: columns, beside: columns.filter(({ id }) => DISTINGUISHING.has(id)) },
  secondary: row => <InShort row={row} />,
  opens: row => ({ process: row.id }),
  sort: 'state',
}

function Quiet({ text }: { text: string }) {
  return <MiddleTruncate text={text} className="text-muted" />
}

function Version({ row }: { row: ProcessRow }) {
  if (row.unsupported !== undefined)
    return (
      <span title="It speaks a newer protocol than this console: update the console.">protocol {row.unsupported}</span>
    )
  return row.version ? (
    <MiddleTruncate text={row.version} tail={6} />
  ) : (
    <Unknown why="It registered without a version" />
  )
}

/** Figures of a process that is silent are what it last said. */
function Figure({ row, children }: { row: ProcessRow; children: React.ReactNode }) {
  return <span className={cn(row.state !== 'up' && 'text-faint')}>{children}</span>
}

export function LastBeat({ row }: { row: ProcessRow }) {
  const at = row.lastBeatAt
  if (row.state === 'up')
    return (
      <span className="text-muted" title={`${formatDuration(row.silentFor)} before this was read`}>
        on time
      </span>
    )
  if (row.state === 'late' || row.state === 'lost')
    return (
      <span className={cn('font-medium whitespace-nowrap', row.state === 'lost' ? 'text-bad' : 'text-warning')}>
        silent for <RelativeTime at={at} as="age" />
      </span>
    )
  return <RelativeTime at={at} className="text-muted" />
}

function Memory({ row }: { row: ProcessRow }) {
  const { vitals } = row
  if (!vitals) return <Unknown />
  const share = vitals.heap / vitals.heapLimit
  return (
    <Figure row={row}>
      <span
        className="flex items-center justify-end gap-2"
        title={`Heap ${formatBytes(vitals.heap)} of ${formatBytes(vitals.heapLimit)} (${formatPercent(share)})`}
      >
        <ShortNumber value={vitals.rss} as="bytes" />
        <span className={cn('w-10 text-right', share > HEAP_FULL ? 'font-medium text-warning' : 'text-muted')}>
          {formatPercent(share)}
        </span>
      </span>
    </Figure>
  )
}

function Has({ row }: { row: ProcessRow }) {
  if (row.has.length === 0) return <Unknown why="It reports nothing but its heartbeat" />
  const trouble = row.has.filter(domain => domain.trouble > 0)
  const rest = row.has.filter(domain => domain.trouble === 0)
  return (
    <span
      className="flex min-w-0 items-center gap-x-2"
      title={row.has.map(({ domain, count }) => counted(domain, count)).join(', ')}
    >
      {trouble.map(({ domain, count, trouble }) => (
        <span key={domain} className="inline-flex shrink-0 items-center gap-1 font-medium text-bad">
          <StatusMark status="bad" className="size-2.5" />
          {formatExact(trouble)} of {counted(domain, count)}
        </span>
      ))}
      <span className="min-w-0 truncate text-muted">
        {rest.map(({ domain, count }) => counted(domain, count)).join(', ')}
      </span>
    </span>
  )
}

const ONE: Record<string, [string, string]> = {
  breakers: ['breaker', 'breakers'],
  caches: ['cache', 'caches'],
  health: ['check', 'checks'],
  workers: ['worker', 'workers'],
  pools: ['pool', 'pools'],
}

/** `1 cache`, `5 checks`; a custom domain keeps its name. */
function counted(domain: string, count: number): string {
  return `${formatExact(count)} ${ONE[domain]?.[count === 1 ? 0 : 1] ?? domain}`
}

/** On a phone, under its name. */
function InShort({ row }: { row: ProcessRow }) {
  if (row.state !== 'up') return <LastBeat row={row} />
  const { vitals } = row
  return (
    <span className="block truncate tabular-nums">
      {[
        vitals && `${formatShort(vitals.cpu)} cores`,
        vitals && formatBytes(vitals.rss),
        vitals && `delay ${formatDuration(vitals.lag)}`,
        row.version,
      ]
        .filter(Boolean)
        .join(' · ')}
    </span>
  )
}
