import { RunbookLink } from '@/app/(console)/_parts/ownership/owner-and-runbook'
import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { RelativeTime } from '@/components/status/relative-time'
import { ShortNumber } from '@/components/status/short-number'
import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import type { CacheGroup } from '@/lib/console/areas/caches/group'
import type { GroupActivity } from '@/lib/console/areas/caches/group-activity'
import type { CacheData } from '@/lib/console/areas/caches/views/cache'
import { formatPercent } from '@/lib/core/number-format'
import { adoptedFacts } from './adopted-facts'
import { InMemory } from './cache-columns'

interface CacheFactsProps {
  group: CacheGroup
  shared: CacheData['shared']
  busLag: GroupActivity['busLag']
}

export function CacheFacts({ group, shared, busLag }: CacheFactsProps) {
  const { degraded, owner, runbook, adopted } = group
  const facts: Fact[] = [
    ...(adopted ? adoptedFacts(group, adopted) : ownFacts(group, shared, busLag)),
    { label: 'Owner', value: owner ?? <Quiet>not registered</Quiet> },
    { label: 'Runbook', value: runbook ? <RunbookLink runbook={runbook} /> : <Quiet>not registered</Quiet> },
  ]
  return (
    <>
      {degraded ? (
        <Callout tone="warning" mark={<StatusMark status="warning" />} className="m-4 mb-0">
          <p>
            Degraded in {degraded.count} of {group.processes} processes: {degraded.reason}.
          </p>
        </Callout>
      ) : null}
      {group.fallen ? (
        <Callout tone="warning" mark={<StatusMark status="warning" />} className="m-4 mb-0">
          <p>
            The hit ratio fell from {formatPercent(group.fallen.from)} to {formatPercent(group.fallen.to)},{' '}
            <RelativeTime at={group.fallen.since} />.
          </p>
        </Callout>
      ) : null}
      <KeyValue facts={facts} className="px-4 py-3.5 tabular-nums" />
    </>
  )
}

function ownFacts(group: CacheGroup, shared: CacheData['shared'], busLag: GroupActivity['busLag']): Fact[] {
  const { hitRatio, lastInvalidation, bus } = group
  return [
    {
      label: 'Hit ratio',
      value: (
        <>
          <ShortNumber as="percent" value={hitRatio.overall} /> <Quiet>of</Quiet> <ShortNumber value={group.calls} />{' '}
          <Quiet>lookups since its processes started</Quiet>
        </>
      ),
    },
    {
      label: 'By layer',
      value: (
        <>
          <Quiet>memory</Quiet> <ShortNumber as="percent" value={hitRatio.l1} />
          <Quiet>, Redis</Quiet> <ShortNumber as="percent" value={hitRatio.l2} />
        </>
      ),
    },
    {
      label: 'In memory',
      value: (
        <>
          <InMemory group={group} />
          {group.max === undefined ? null : (
            <>
              <Quiet>, room for</Quiet> <ShortNumber value={group.max} />
            </>
          )}
          {group.evictions ? (
            <>
              <Quiet>,</Quiet> <ShortNumber value={group.evictions} /> <Quiet>evicted</Quiet>
            </>
          ) : null}
        </>
      ),
    },
    { label: 'In Redis', value: <Shared group={group} shared={shared} /> },
    {
      label: 'Bus',
      value: bus ? (
        <span className="inline-flex flex-wrap items-center gap-1.5">
          <StatusMark status={bus.disconnected + bus.catchingUp > 0 ? 'warning' : 'good'} className="size-2.5" />
          {bus.listening} <Quiet>listening</Quiet>
          {bus.catchingUp > 0 ? (
            <>
              {bus.catchingUp} <Quiet>catching up</Quiet>
            </>
          ) : null}
          {bus.disconnected > 0 ? (
            <>
              {bus.disconnected} <Quiet>disconnected: memory is not served there</Quiet>
            </>
          ) : null}
        </span>
      ) : (
        <Quiet>none: no other process has it</Quiet>
      ),
    },
    ...(busLag
      ? [
          {
            label: 'Bus lag',
            value: (
              <>
                <Quiet>p50</Quiet> <Duration ms={busLag.p50} />
                <Quiet>, p95</Quiet> <Duration ms={busLag.p95} /> <Quiet>in</Quiet> {busLag.instance}
              </>
            ),
          },
        ]
      : []),
    {
      label: 'Last invalidated',
      value: lastInvalidation ? (
        <>
          <RelativeTime at={lastInvalidation.at} />
          <Quiet>,</Quiet> <span className="break-all">{lastInvalidation.about}</span>
        </>
      ) : (
        <Quiet>never since its processes started</Quiet>
      ),
    },
    { label: 'Failures', value: <ShortNumber value={group.errors} /> },
  ]
}

function Shared({ group, shared }: { group: CacheGroup; shared: CacheData['shared'] }) {
  if (!group.layers.includes('l2')) return <Quiet>not kept there</Quiet>
  if (shared.status === 'down') return <span className="text-warning">{shared.reason}</span>
  if (shared.data.server === undefined) return <Quiet>on no server this console watches, or empty so far</Quiet>
  return (
    <>
      <Quiet>on</Quiet> {shared.data.server}
      <Quiet>, under</Quiet> <code className="break-all">{`{${group.namespace}}:`}</code>
    </>
  )
}

function Quiet({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>
}
