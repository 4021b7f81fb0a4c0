import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import { RowSparkline } from '@/app/(console)/_parts/series/row-sparkline'
import { seriesOf } from '@/app/(console)/_parts/series/sparklines'
import type { DataColumn } from '@/components/data-table/data-column'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { type Status, StatusBadge } from '@/components/status/status-mark'
import { Badge } from '@/components/ui/badge'
import type { CacheGroup } from '@/lib/console/areas/caches/group'
import type { SeriesKey } from '@/lib/console/platform/samples'

/** What the sampler keeps of it. */
export const hitRatioKey = (row: Pick<CacheGroup, 'name'>, layer: 'any' | 'l1' | 'l2' = 'any'): SeriesKey => ({
  service: 'caches',
  series: seriesOf('cache_hit_ratio', { cache: row.name, layer }),
})
export const callsKey = (row: Pick<CacheGroup, 'name'>): SeriesKey => ({
  service: 'caches',
  series: seriesOf('cache_calls', { cache: row.name }),
})

const STATES: Record<CacheGroup['state'], [Status, string]> = {
  working: ['good', 'Working'],
  degraded: ['warning', 'Degraded'],
  unknown: ['unknown', 'Unknown'],
}

export function CacheState({ group }: { group: CacheGroup }) {
  const [status, word] = STATES[group.state]
  return (
    <StatusBadge status={status} quiet={status === 'good'} title={group.degraded?.reason}>
      {group.fallen && !group.degraded ? 'Fewer hits' : word}
    </StatusBadge>
  )
}

const name: DataColumn<CacheGroup> = {
  id: 'name',
  header: 'Cache',
  sortable: true,
  cell: row => (
    <span className="flex min-w-0 items-baseline gap-2">
      <MiddleTruncate text={row.name} className={row.state === 'working' ? '' : 'font-medium'} />
      {row.adopted ? <Badge tone="outline">{row.adopted.kind}</Badge> : null}
      <MiddleTruncate text={row.services.join(', ')} className="text-sm text-muted max-wide:hidden" />
    </span>
  ),
}
const state: DataColumn<CacheGroup> = {
  id: 'state',
  header: 'State',
  width: 132,
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <CacheState group={row} />,
}
const ratio: DataColumn<CacheGroup> = {
  id: 'ratio',
  header: 'Hit ratio',
  hint: 'Share of lookups answered in the last 15 minutes, and now',
  width: 164,
  sortable: true,
  hideBelow: 'broad',
  cell: row => (
    <RowSparkline of={hitRatioKey(row)} label="Hit ratio" format={value => `${Math.round(value * 100)} %`} figure />
  ),
}
const layers: DataColumn<CacheGroup> = {
  id: 'layers',
  header: 'Memory / Redis',
  hint: 'Share of lookups each layer answered, since the processes started',
  width: 138,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <Layers group={row} />,
}
const calls: DataColumn<CacheGroup> = {
  id: 'calls',
  header: 'Lookups',
  hint: 'Since the processes started',
  width: 92,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <ShortNumber value={row.calls} />,
}
const entries: DataColumn<CacheGroup> = {
  id: 'entries',
  header: 'In memory',
  hint: 'Entries in the memory of its processes, and their size',
  width: 138,
  align: 'end',
  sortable: true,
  firstSort: 'desc',
  hideBelow: 'wide',
  cell: row => <InMemory group={row} bare />,
}
const last: DataColumn<CacheGroup> = {
  id: 'last',
  header: 'Last invalidated',
  width: 134,
  hideBelow: 'desk',
  cell: row =>
    row.lastInvalidation ? (
      <RelativeTime at={row.lastInvalidation.at} className="text-muted" />
    ) : row.adopted ? (
      <Unknown why="Not from here; its service may have" />
    ) : (
      <span className="text-faint">never</span>
    ),
}

export const cacheRows: ListRows<CacheGroup> = {
  noun: ['cache', 'caches'],
  key: row => `${row.name} ${row.namespace}`,
  columns: {
    alone: [name, state, ratio, layers, calls, entries, last],
    beside: [name, state, layers, calls],
  },
  secondary: row => <Secondary row={row} />,
  opens: row => ({ cache: row.name }),
  sort: 'state',
  sparklines: row => [hitRatioKey(row)],
}

/** Below the name on a phone. */
function Secondary({ row }: { row: CacheGroup }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pb-1 tabular-nums">
      <CacheState group={row} />
      <span>
        <ShortNumber as="percent" value={row.hitRatio.overall} /> hit of <ShortNumber value={row.calls} />
      </span>
      <span>
        <InMemory group={row} />
      </span>
    </div>
  )
}

/** `98 % / 61 %`; a dash where there is no such layer, or it was never asked. */
function Layers({ group }: { group: CacheGroup }) {
  return (
    <span className="tabular-nums">
      <Ratio group={group} layer="l1" /> <span className="text-faint">/</span> <Ratio group={group} layer="l2" />
    </span>
  )
}

function Ratio({ group, layer }: { group: CacheGroup; layer: 'l1' | 'l2' }) {
  if (!group.layers.includes(layer)) return <Unknown why="There is no such layer" />
  return <ShortNumber as="percent" value={group.hitRatio[layer]} />
}

/** `90 entries, 7.2 KiB`; `bare` under a heading that says what is counted. */
export function InMemory({ group, bare }: { group: Pick<CacheGroup, 'entries' | 'bytes' | 'layers'>; bare?: boolean }) {
  if (group.entries === undefined)
    return <Unknown why={group.layers.includes('l1') ? 'Not measured' : 'Nothing is kept in memory'} />
  return (
    <span className="tabular-nums">
      <ShortNumber value={group.entries} unit={bare ? undefined : group.entries === 1 ? 'entry' : 'entries'} />
      {group.bytes === undefined ? null : (
        <span className="text-muted">
          , <ShortNumber as="bytes" value={group.bytes} />
        </span>
      )}
    </span>
  )
}
