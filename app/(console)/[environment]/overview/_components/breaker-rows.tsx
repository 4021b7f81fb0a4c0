'use client'

import { BreakerSparkline, breakerSparklines } from '@/app/(console)/_parts/breakers/breaker-sparkline'
import { GroupStateBadge } from '@/app/(console)/_parts/breakers/breaker-state'
import { FailureMeter, measuredOf } from '@/app/(console)/_parts/breakers/failure-meter'
import { NextChange, upcomingOf } from '@/app/(console)/_parts/breakers/next-change'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import type { DataColumn } from '@/components/data-table/data-column'
import { DataTable } from '@/components/data-table/data-table'
import { FlashOnChange } from '@/components/status/flash-on-change'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { Panel } from '@/components/status/panel'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { BreakerGroup } from '@/lib/console/areas/breakers/group'
import { formatExact } from '@/lib/core/number-format'

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
      <Sparklines environment={joining.environment} keys={breakerSparklines(breakers)}>
        <DataTable
          label={`Breakers in ${joining.environment}`}
          rows={breakers}
          rowKey={row => row.name}
          columns={columns}
          rowHref={row => `${page}?breaker=${encodeURIComponent(row.name)}`}
          secondary={row => <FailureMeter measured={measuredOf(row)} className="w-16" />}
          empty={
            <EmptyState
              title="No process has registered a breaker"
              code={joiningLines(joining, {
                imports: "import { createBreakerRegistry } from 'substation/resilience'",
                lines: ['const breakers = createBreakerRegistry()'],
                name: 'breakers',
              })}
            >
              Breakers of opossum and cockatiel can be registered as they are.
            </EmptyState>
          }
        />
      </Sparklines>
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
    width: 136,
    cell: row => <State group={row} />,
  },
  {
    id: 'calls',
    header: 'Calls',
    hint: 'Calls per second in the last 15 minutes; in red, those that failed',
    hideBelow: 'wide',
    width: 92,
    cell: row => <BreakerSparkline name={row.name} figure={false} />,
  },
  {
    id: 'failures',
    header: 'Failures against threshold',
    hideBelow: 'wide',
    width: 250,
    cell: row => <FailureMeter measured={measuredOf(row)} />,
  },
  {
    id: 'where',
    header: 'Processes',
    hideBelow: 'broad',
    align: 'end',
    width: 92,
    cell: row => <Where group={row} />,
  },
  {
    id: 'next',
    header: 'Next change',
    hideBelow: 'broad',
    align: 'end',
    width: 134,
    cell: row => <NextChange {...upcomingOf(row)} />,
  },
]

function State({ group }: { group: BreakerGroup }) {
  return (
    <FlashOnChange value={group.state} className="inline-block max-w-full align-middle">
      <GroupStateBadge group={group} />
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
