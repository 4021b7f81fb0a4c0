'use client'

import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useView } from '@/app/(console)/_frame/use-view'
import { breakerSeries } from '@/app/(console)/_parts/breakers/breaker-sparkline'
import { GroupStateBadge } from '@/app/(console)/_parts/breakers/breaker-state'
import { type Trend, Trends } from '@/app/(console)/_parts/series/trends'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { MiddleTruncate } from '@/components/status/middle-truncate'
import { PartBoundary } from '@/components/status/part-boundary'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetFooter, SheetHeader } from '@/components/ui/sheet'
import type { BreakerInstance } from '@/lib/console/areas/breakers/collect'
import type { BreakerData } from '@/lib/console/areas/breakers/views/breaker'
import type { Reading } from '@/lib/console/platform/view/read'
import type { Act } from './act-in-url'
import { ArrivingAct } from './arriving-act'
import { BreakerActs } from './breaker-acts'
import { BreakerFacts } from './breaker-facts'
import type { Places } from './force-form'
import { ProcessList } from './process-list'
import { Transitions } from './transitions'

interface BreakerSheetProps {
  name: string
  environment: string
  initial: Reading<BreakerData> | undefined
  /** The process whose details are unfolded. */
  process: string | undefined
  act: Act | undefined
  onActDone: () => void
}

/** One dependency: its breaker in every process, how it got there, and what can be done about it. */
export function BreakerSheet({ name, environment, initial, process, act, onActDone }: BreakerSheetProps) {
  const { reading, failed } = useView<BreakerData>({ view: 'breaker', environment, filters: { name } }, initial)
  const breaker = reading?.data.breaker
  const known = breaker && breaker.status !== 'down' ? breaker.data : undefined
  const group = known?.group
  const places = placesOf(known?.instances ?? [])
  return (
    <>
      <SheetHeader
        title={<MiddleTruncate text={name} />}
        description={group ? <MiddleTruncate text={`Guards calls of ${group.services.join(', ')}`} /> : 'Breaker'}
      >
        {group && breaker?.status === 'up' ? (
          <span className="flex h-7 items-center">
            <GroupStateBadge group={group} />
          </span>
        ) : null}
      </SheetHeader>
      {group ? (
        <SheetFooter className="justify-start">
          <BreakerActs
            breaker={name}
            scope={{ kind: 'fleet' }}
            where="in the whole fleet"
            showWhere
            forced={group.forced !== undefined}
            places={places}
          />
          <Reach processes={places.processes.length} />
        </SheetFooter>
      ) : null}
      <SheetBody>
        {/* The sections have edges of their own, from side to side. */}
        <div className="-m-4">
          {breaker === undefined ? <SheetWaiting what="The breaker" failed={failed} /> : null}
          {breaker && (
            <PartBoundary part={breaker} what={`The fleet of ${environment}`}>
              {data =>
                data.group ? (
                  <>
                    <Trends environment={environment} trends={trendsOf(name)} />
                    <BreakerFacts group={data.group} computed={data.computed} />
                    <ProcessList
                      breaker={name}
                      instances={data.instances}
                      total={data.total}
                      opened={process}
                      places={places}
                    />
                  </>
                ) : (
                  <EmptyState title="No process has this breaker">
                    Those that had it have stopped, or it has another name now. Its event log is below, as far as it is
                    kept.
                  </EmptyState>
                )
              }
            </PartBoundary>
          )}
          {reading ? <Transitions environment={environment} part={reading.data.transitions} /> : null}
        </div>
      </SheetBody>
      {act && group ? <ArrivingAct act={act} breaker={name} places={places} onDone={onActDone} /> : null}
    </>
  )
}

/** How far the acts reach; or, for those who may only look, what it takes. */
function Reach({ processes }: { processes: number }) {
  const { allowed, needs } = useOperation('breaker.force')
  return (
    <span className="text-sm text-muted">
      {allowed ? `${processes} ${processes === 1 ? 'process' : 'processes'}` : `needs the ${needs} role`}
    </span>
  )
}

function placesOf(instances: readonly BreakerInstance[]): Places {
  const living = instances.filter(instance => instance.effective !== 'unknown')
  return {
    services: [...new Set(living.map(instance => instance.service))].sort(),
    processes: living
      .map(({ process, instance }) => ({ id: process, instance }))
      .sort((a, b) => a.instance.localeCompare(b.instance)),
  }
}

const trendsOf = (name: string): Trend[] => [
  { of: breakerSeries('breaker_calls', name), label: 'Calls', unit: '/s' },
  { of: breakerSeries('breaker_failures', name), label: 'Failed', unit: '/s', tone: 'bad' },
  { of: breakerSeries('breaker_rejected', name), label: 'Rejected', unit: '/s', tone: 'warning' },
]
