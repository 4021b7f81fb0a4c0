import { Capabilities } from '@/app/(console)/_parts/targets/capabilities'
import { Duration } from '@/components/status/duration'
import { type Fact, KeyValue } from '@/components/status/key-value'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { Panel } from '@/components/status/panel'
import { PartBoundary } from '@/components/status/part-boundary'
import { type Status, StatusBadge, StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import type { Target, TargetReport } from '@/lib/console/servers/probe/port'
import { formatWhole } from '@/lib/core/time-format'

const KIND = { redis: 'Redis', postgres: 'Postgres' }

/** The servers watched beside the fleet: how they are, and what the account there lets this console do. */
export function TargetPanels({ targets }: { targets: readonly Target[] }) {
  return (
    <section id="servers" aria-label="Watched servers" className="grid grid-cols-1 items-start gap-4 desk:grid-cols-2">
      {targets.map(target => (
        <TargetPanel key={`${target.kind} ${target.name}`} target={target} />
      ))}
    </section>
  )
}

function TargetPanel({ target }: { target: Target }) {
  const { name, kind, address, report } = target
  const [status, word] = stateOf(target)
  return (
    <Panel
      title={
        <span className="flex min-w-0 gap-1.5">
          <span className="font-normal text-muted">{KIND[kind]}</span>
          <MiddleTruncate text={name} />
        </span>
      }
      actions={<StatusBadge status={status}>{word}</StatusBadge>}
    >
      <p className="border-b border-line px-3.5 py-1.5 text-muted">
        <MiddleTruncate text={address} mono />
      </p>
      <PartBoundary part={report} what={`${KIND[kind]} ${name}`}>
        {data => <Report kind={kind} report={data} />}
      </PartBoundary>
    </Panel>
  )
}

function stateOf({ report }: Target): [Status, string] {
  if (report.status === 'down') return ['bad', 'Down']
  if (report.status === 'stale') return ['unknown', 'Stale']
  const { warnings } = report.data
  return warnings.length > 0 ? ['warning', 'Warning'] : ['good', 'Up']
}

function Report({ kind, report }: { kind: Target['kind']; report: TargetReport }) {
  const { latencyMs, version, role, uptimeSeconds, facts, warnings, capabilities } = report
  const first: Fact[] = [
    { label: 'Version', value: `${KIND[kind]} ${version}${role ? `, ${role}` : ''}` },
    { label: 'Answers in', value: <Duration ms={latencyMs} /> },
    ...(uptimeSeconds === undefined ? [] : [{ label: 'Up for', value: formatWhole(uptimeSeconds * 1_000) }]),
  ]
  return (
    <>
      {warnings.length > 0 ? (
        <div className="grid gap-2 p-3.5 pb-0">
          {warnings.map(warning => (
            <Callout key={warning} tone="warning" mark={<StatusMark status="warning" />}>
              <p>{warning}</p>
            </Callout>
          ))}
        </div>
      ) : null}
      <KeyValue facts={[...first, ...facts]} className="p-3.5 tabular-nums wide:grid-cols-2 wide:gap-x-6" />
      <Capabilities capabilities={capabilities} />
    </>
  )
}
