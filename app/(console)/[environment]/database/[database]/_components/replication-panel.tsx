import { Duration } from '@/components/status/duration'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { StatusMark } from '@/components/status/status-mark'
import type { DatabaseOverviewData } from '@/lib/console/areas/database/views/overview'
import { formatBytes } from '@/lib/core/number-format'

/** Behind for longer is worth a colour (ms). */
const LONG_BEHIND = 60_000

type Overview = NonNullable<DatabaseOverviewData['overview']>
type Replication = Extract<Overview['replication'], { status: 'up' }>['data']

export function ReplicationPanel({ name, replication }: { name: string; replication: Overview['replication'] }) {
  return (
    <Panel title="Replication">
      <PartBoundary part={replication} what={`Postgres ${name}`}>
        {data => <Lines replication={data} />}
      </PartBoundary>
    </Panel>
  )
}

function Lines({ replication: { followers, slots, standby } }: { replication: Replication }) {
  if (followers.length === 0 && slots.length === 0 && !standby)
    return <p className="px-3.5 py-3 text-md text-muted">Nothing follows this server, and it follows no other.</p>
  return (
    <ul className="grid gap-1.5 p-3.5 text-md tabular-nums">
      {standby ? (
        <li className="flex flex-wrap items-center gap-x-2">
          <StatusMark status={standby.receiving ? 'good' : 'bad'} />
          {standby.receiving ? 'receives from its primary' : 'receives nothing from its primary'}
          <Behind {...standby} />
        </li>
      ) : null}
      {followers.map(follower => (
        <li key={`${follower.name} ${follower.address}`} className="flex flex-wrap items-center gap-x-2">
          <StatusMark status={follower.state === 'streaming' ? 'good' : follower.state ? 'warning' : 'unknown'} />
          <b className="font-medium">{follower.name}</b>
          <span className="text-muted">
            {[follower.address, follower.state ?? 'state not permitted', follower.sync].filter(Boolean).join(', ')}
          </span>
          <Behind {...follower} />
        </li>
      ))}
      {slots.map(slot => (
        <li key={slot.name} className="flex flex-wrap items-center gap-x-2">
          <StatusMark status={slot.state === 'lost' ? 'bad' : slot.active ? 'good' : 'warning'} />
          slot <code>{slot.name}</code>
          <span className="text-muted">
            {slot.kind}, {slot.active ? 'read' : 'read by no one'}
            {slot.keepsBytes === undefined ? '' : `, keeps ${formatBytes(slot.keepsBytes)}`}
            {slot.state === 'lost' ? ', lost' : ''}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Behind({ behindBytes, behindMs }: { behindBytes?: number; behindMs?: number }) {
  if (behindBytes === undefined) return <span className="text-muted">how far behind is not known</span>
  return (
    <span className={(behindMs ?? 0) > LONG_BEHIND ? 'font-medium text-warning' : 'text-muted'}>
      {formatBytes(behindBytes)} behind
      {behindMs === undefined ? null : (
        <>
          , <Duration ms={behindMs} />
        </>
      )}
    </span>
  )
}
