import type { ListRows } from '@/app/(console)/_parts/list/list-table'
import { RowSparkline } from '@/app/(console)/_parts/series/row-sparkline'
import type { DataColumn } from '@/components/data-table/data-column'
import { Meter } from '@/components/status/meter'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { type Status, StatusBadge } from '@/components/status/status-mark'
import type { RedisRow } from '@/lib/console/areas/redis/views/redis'
import type { SeriesKey } from '@/lib/console/platform/samples'
import type { RedisReading } from '@/lib/console/servers/redis/port'
import { formatBytes } from '@/lib/core/number-format'

/** What the sampler keeps of it. */
export const redisSeries = (series: string, row: { name: string }): SeriesKey => ({
  service: `redis:${row.name}`,
  series,
})
const commandsOf = (row: { name: string }) => redisSeries('redis_commands', row)

const dataOf = ({ reading }: RedisRow) => (reading.status === 'down' ? undefined : reading.data)

const name: DataColumn<RedisRow> = {
  id: 'name',
  header: 'Server',
  cell: row => (
    <span className="flex min-w-0 items-baseline gap-2">
      <MiddleTruncate text={row.name} className="shrink-0" />
      <MiddleTruncate text={row.address.replace(/^rediss?:\/\//, '')} mono className="text-muted max-wide:hidden" />
    </span>
  ),
}
const state: DataColumn<RedisRow> = {
  id: 'state',
  header: 'State',
  width: 148,
  hideBelow: 'wide',
  cell: row => <RedisState reading={row.reading} />,
}
const memory: DataColumn<RedisRow> = {
  id: 'memory',
  header: 'Memory',
  width: 236,
  hideBelow: 'wide',
  cell: row => <Memory memory={dataOf(row)?.memory} />,
}
const commands: DataColumn<RedisRow> = {
  id: 'commands',
  header: 'Commands/s',
  hint: 'The last 15 minutes, and now',
  width: 156,
  hideBelow: 'broad',
  cell: row => <RowSparkline of={commandsOf(row)} label="Commands per second" figure />,
}
const hits: DataColumn<RedisRow> = {
  id: 'hits',
  header: 'Hit ratio',
  hint: 'Share of lookups that found their key, since the server started',
  width: 84,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <ShortNumber as="percent" value={hitRatioOf(dataOf(row))} />,
}
const clients: DataColumn<RedisRow> = {
  id: 'clients',
  header: 'Clients',
  width: 80,
  align: 'end',
  hideBelow: 'wide',
  cell: row => <ShortNumber value={dataOf(row)?.clients.connected} />,
}
const keys: DataColumn<RedisRow> = {
  id: 'keys',
  header: 'Keys',
  width: 80,
  align: 'end',
  hideBelow: 'desk',
  cell: row => <ShortNumber value={dataOf(row)?.keys?.total} />,
}
const evicted: DataColumn<RedisRow> = {
  id: 'evicted',
  header: 'Evicted',
  hint: 'Keys thrown away for want of memory, since the server started',
  width: 88,
  align: 'end',
  hideBelow: 'wide',
  cell: row => {
    const value = dataOf(row)?.evicted
    return <ShortNumber value={value} className={value === 0 ? 'text-faint' : 'font-medium text-warning'} />
  },
}

export const redisRows: ListRows<RedisRow> = {
  noun: ['server', 'servers'],
  key: row => row.name,
  columns: {
    alone: [name, state, memory, commands, hits, clients, keys, evicted],
    beside: [name, { ...state, width: 140 }, memory, hits],
  },
  secondary: row => <Secondary row={row} />,
  opens: row => ({ server: row.name }),
  sparklines: row => [commandsOf(row)],
}

/** Below the name on a phone. */
function Secondary({ row }: { row: RedisRow }) {
  const data = dataOf(row)
  return (
    <div className="grid gap-1 pb-1">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <RedisState reading={row.reading} />
        <Memory memory={data?.memory} />
      </span>
      {data ? (
        <span className="tabular-nums">
          <ShortNumber value={data.commandsPerSecond} /> commands per second,{' '}
          <ShortNumber value={data.clients.connected} /> clients
        </span>
      ) : null}
    </div>
  )
}

export function RedisState({ reading }: { reading: RedisRow['reading'] }) {
  const [status, word] = stateOf(reading)
  return (
    <StatusBadge status={status} quiet={status === 'good'}>
      {word}
    </StatusBadge>
  )
}

function stateOf(reading: RedisRow['reading']): [Status, string] {
  if (reading.status === 'down') return ['bad', 'Down']
  if (reading.status === 'stale') return ['unknown', 'Stale']
  if (reading.data.persistence.loading) return ['warning', 'Loading']
  return reading.data.troubles.length > 0 ? ['warning', 'Warning'] : ['good', 'Up']
}

export function hitRatioOf(data: RedisReading | undefined): number | undefined {
  const { hits, misses } = data ?? {}
  if (hits === undefined || misses === undefined || hits + misses === 0) return undefined
  return hits / (hits + misses)
}

/** Used against its limit; without a limit there is nothing to fill. */
export function Memory({ memory }: { memory: RedisReading['memory'] | undefined }) {
  if (memory?.used === undefined) return <Unknown />
  const { used, limit } = memory
  if (!limit)
    return (
      <span className="tabular-nums">
        {formatBytes(used)} <span className="text-muted">{limit === 0 ? 'no limit' : 'limit not known'}</span>
      </span>
    )
  const share = used / limit
  return (
    <span className="inline-flex items-center gap-2 tabular-nums">
      <Meter
        label="Memory against its limit"
        value={used}
        max={limit}
        threshold={0.9 * limit}
        status={share > 0.95 ? 'bad' : share > 0.9 ? 'warning' : 'good'}
        className="w-16"
      />
      {formatBytes(used)} <span className="text-muted">of {formatBytes(limit)}</span>
    </span>
  )
}
