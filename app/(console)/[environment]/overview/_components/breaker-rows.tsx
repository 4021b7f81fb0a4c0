'use client'

import type { DataColumn } from '@/components/data-table/data-column'
import { DataTable } from '@/components/data-table/data-table'
import { Countdown } from '@/components/status/countdown'
import { FlashOnChange } from '@/components/status/flash-on-change'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { formatExact } from '@/components/status/number-format'
import { Panel } from '@/components/status/panel'
import { RelativeTime } from '@/components/status/relative-time'
import { type Status, StatusBadge } from '@/components/status/status-mark'
import { AppLink } from '@/components/ui/app-link'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { ShownState } from '@/lib/console/breakers/collect'
import type { BreakerGroup } from '@/lib/console/breakers/group'
import { type Joining, joiningLines } from '../../../_parts/teaching/joining'
import { FailuresAgainstThreshold } from './failures'

const looks: Record<ShownState, { status: Status; word: string }> = {
  open: { status: 'bad', word: 'Open' },
  'half-open': { status: 'warning', word: 'Half-open' },
  closed: { status: 'good', word: 'Closed' },
  unknown: { status: 'unknown', word: 'Unknown' },
}

interface BreakerRowsProps {
  joining: Joining
  breakers: readonly BreakerGroup[]
  /** How many there are, of which these are the gravest. */
  count: number
}

/** The breakers of the fleet, by what they protect. */
export function BreakerRows({ joining, breakers, count }: BreakerRowsProps) {
  const page = `/${joining.environment}/breakers`
  return (
    <Panel
      title="Breakers"
      note={count === 0 ? undefined : `${formatExact(count)} ${count === 1 ? 'dependency' : 'dependencies'}`}
      actions={
        count > breakers.length ? (
          <Button asChild size="sm" variant="quiet">
            <AppLink href={page}>All {formatExact(count)}</AppLink>
          </Button>
        ) : null
      }
    >
      <DataTable
        label={`Breakers in ${joining.environment}`}
        rows={breakers}
        rowKey={row => row.name}
        columns={columns}
        rowHref={row => `${page}?breaker=${encodeURIComponent(row.name)}`}
        secondary={row => <FailuresAgainstThreshold group={row} />}
        empty={
          <EmptyState
            title="No process has registered a breaker"
            code={[
              "import { createBreakerRegistry } from 'substation/resilience'",
              '',
              'const breakers = createBreakerRegistry()',
              joiningLines(joining, ['breakers']),
            ].join('\n')}
          >
            Breakers of opossum and cockatiel can be registered as they are.
          </EmptyState>
        }
      />
    </Panel>
  )
}

const columns: DataColumn<BreakerGroup>[] = [
  {
    id: 'name',
    header: 'Dependency',
    cell: row => <MiddleTruncate text={row.name} />,
  },
  {
    id: 'state',
    header: 'State',
    width: 124,
    cell: row => <BreakerState group={row} />,
  },
  {
    id: 'failures',
    header: 'Failures against threshold',
    hideBelow: 'wide',
    width: 330,
    cell: row => <FailuresAgainstThreshold group={row} />,
  },
  {
    id: 'where',
    header: 'Processes',
    hideBelow: 'wide',
    align: 'end',
    width: 104,
    cell: row => <Where group={row} />,
  },
  {
    id: 'probe',
    header: 'Next probe',
    hideBelow: 'wide',
    align: 'end',
    width: 104,
    cell: row => <NextProbe group={row} />,
  },
]

function BreakerState({ group }: { group: BreakerGroup }) {
  const { status, word } = looks[group.state]
  return (
    <FlashOnChange value={group.state} className="inline-flex max-w-full items-center gap-1">
      <StatusBadge status={status} quiet={status === 'good'}>
        {word}
      </StatusBadge>
      {group.forced ? (
        <Badge tone="outline" title={group.forced.reason}>
          forced
        </Badge>
      ) : null}
    </FlashOnChange>
  )
}

function Where({ group }: { group: BreakerGroup }) {
  const { state, counts, processes } = group
  if (state === 'closed') return <span className="text-muted">{formatExact(processes)}</span>
  return (
    <>
      {formatExact(counts[state])} <span className="text-muted">of {formatExact(processes)}</span>
    </>
  )
}

function NextProbe({ group }: { group: BreakerGroup }) {
  if (group.state === 'half-open') return <>probing</>
  if (group.state !== 'open') return <span className="text-faint">–</span>
  if (group.probeDue) return <span title="Its wait is over: the next call is its probe.">next call</span>
  if (group.probeAt !== undefined) return <Countdown until={group.probeAt} done="next call" />
  // Forced open: it does not probe until it is released.
  return group.forced?.until === undefined ? (
    <span className="text-muted">when released</span>
  ) : (
    <RelativeTime at={group.forced.until} />
  )
}
