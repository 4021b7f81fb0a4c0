import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber, Unknown } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import type { RedisReading } from '@/lib/console/servers/redis/port'
import { formatBytes, formatExact } from '@/lib/core/number-format'
import { formatWhole } from '@/lib/core/time-format'
import { hitRatioOf, Memory } from './redis-columns'

export function RedisFacts({ reading, prefixes }: { reading: RedisReading; prefixes: readonly string[] | undefined }) {
  const { memory, clients, keys, hits, misses } = reading
  const facts: Fact[] = [
    {
      label: 'Server',
      value: (
        <>
          {reading.version ? `Redis ${reading.version}` : 'version not known'}
          {reading.role ? `, ${roleWords(reading.role)}` : ''}
          {reading.mode && reading.mode !== 'standalone' ? `, ${reading.mode}` : ''}
          {reading.uptimeSeconds === undefined ? null : (
            <span className="text-muted">, up for {formatWhole(reading.uptimeSeconds * 1_000)}</span>
          )}
        </>
      ),
    },
    { label: 'Answers in', value: <Duration ms={reading.latencyMs} /> },
    { label: 'Memory', value: <Memory memory={memory} /> },
    {
      label: 'At its peak',
      value:
        memory.peak === undefined ? (
          <Unknown />
        ) : (
          <>
            {formatBytes(memory.peak)}
            {memory.resident === undefined ? null : (
              <span className="text-muted">, resident {formatBytes(memory.resident)}</span>
            )}
            {memory.fragmentation === undefined ? null : (
              <span className="text-muted">, fragmentation {memory.fragmentation}</span>
            )}
          </>
        ),
    },
    { label: 'Eviction policy', value: memory.policy ? <code>{memory.policy}</code> : <Unknown /> },
    {
      label: 'Keys',
      value: keys ? (
        <>
          {formatExact(keys.total)} <span className="text-muted">of which {formatExact(keys.expiring)} expire</span>
        </>
      ) : (
        <Unknown />
      ),
    },
    {
      label: 'Lookups',
      value:
        hits === undefined || misses === undefined ? (
          <Unknown />
        ) : (
          <>
            <ShortNumber as="percent" value={hitRatioOf(reading)} /> <span className="text-muted">hit, of</span>{' '}
            <ShortNumber value={hits + misses} />
          </>
        ),
    },
    {
      label: 'Lost keys',
      value: (
        <>
          <ShortNumber value={reading.evicted} /> <span className="text-muted">evicted,</span>{' '}
          <ShortNumber value={reading.expired} /> <span className="text-muted">expired</span>
        </>
      ),
    },
    {
      label: 'Clients',
      value: (
        <>
          <ShortNumber value={clients.connected} />
          {clients.limit === undefined ? null : <span className="text-muted"> of {formatExact(clients.limit)}</span>}
          {clients.blocked ? (
            <span className="text-muted">, {formatExact(clients.blocked)} waiting in a command</span>
          ) : null}
          {reading.rejectedConnections ? (
            <span className="text-warning">, {formatExact(reading.rejectedConnections)} turned away</span>
          ) : null}
        </>
      ),
    },
    { label: 'Persistence', value: <Persistence persistence={reading.persistence} /> },
    { label: 'Replication', value: <Replication replication={reading.replication} /> },
    {
      label: 'Queue prefixes',
      value: prefixes ? <code className="break-words">{prefixes.join(', ')}</code> : 'all that are found',
    },
  ]
  return <KeyValue facts={facts} className="px-4 py-3.5 tabular-nums" />
}

const roleWords = (role: string) => (role === 'master' ? 'primary' : role === 'slave' ? 'replica' : role)

function Persistence({ persistence }: { persistence: RedisReading['persistence'] }) {
  const { rdb, aof } = persistence
  if (!rdb && !aof) return <Unknown />
  return (
    <>
      {rdb ? (
        <p>
          Snapshot{' '}
          {rdb.failed ? (
            <b className="font-medium text-bad">failed</b>
          ) : rdb.savedAt === undefined ? (
            <Unknown />
          ) : (
            <RelativeTime at={rdb.savedAt} />
          )}
          {rdb.changesSince === undefined ? null : (
            <span className="text-muted">, {formatExact(rdb.changesSince)} changes since</span>
          )}
        </p>
      ) : null}
      {aof ? (
        <p>
          Append-only file {aof.enabled ? 'on' : 'off'}
          {aof.enabled && aof.failed ? <b className="font-medium text-bad">, last write failed</b> : null}
        </p>
      ) : null}
    </>
  )
}

function Replication({ replication }: { replication: RedisReading['replication'] }) {
  const { replicas, primary } = replication
  if (primary)
    return (
      <span className="inline-flex flex-wrap items-center gap-1.5">
        <StatusMark status={primary.up ? 'good' : 'bad'} className="size-2.5" />
        follows <code>{primary.address}</code>
        <span className="text-muted">{primary.up ? 'linked' : 'link lost'}</span>
      </span>
    )
  if (replicas.length === 0) return <span className="text-muted">no replicas</span>
  return (
    <ul className="grid gap-0.5">
      {replicas.map(replica => (
        <li key={replica.address} className="flex flex-wrap items-center gap-1.5">
          <StatusMark status={replica.state === 'online' ? 'good' : 'warning'} className="size-2.5" />
          <code>{replica.address}</code>
          <span className="text-muted">
            {replica.state}
            {replica.behind === undefined ? '' : `, ${formatBytes(replica.behind)} behind`}
          </span>
        </li>
      ))}
    </ul>
  )
}
