'use client'

import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListFrame } from '@/app/(console)/_parts/list/list-frame'
import { NoMatch } from '@/app/(console)/_parts/list/no-match'
import { TitledPanel } from '@/app/(console)/_parts/list/titled-panel'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { Panel } from '@/components/status/panel'
import { PartBoundary, PartDown } from '@/components/status/part-boundary'
import { AppLink } from '@/components/ui/app-link'
import { EmptyState } from '@/components/ui/empty-state'
import type { HealthData } from '@/lib/console/areas/health/views/health'
import type { Reading } from '@/lib/console/platform/view/read'
import { formatExact } from '@/lib/core/number-format'
import { OwnParts } from './own-parts'
import { latenciesOf, ServiceChecks } from './service-checks'
import { SilentServices } from './silent-services'
import { TargetPanels } from './target-panels'

const healthList: List = {
  view: 'health',
  search: 'Filter checks',
  states: [{ value: 'trouble', label: 'In trouble', status: 'warning' }],
  stateName: 'status',
}
const REPORTED = 'What services report of their parts'
/** With more checks than these, healthy services begin folded. */
const UNFOLDED = 60

interface HealthBodyProps {
  initial: Reading<HealthData>
  joining: Joining
}

export function HealthBody({ initial, joining }: HealthBodyProps) {
  const { environment } = joining
  const list = useList(healthList, environment, initial)
  const { services, console: own, targets } = list.data
  const narrowed = list.chosen.length > 0
  const tree = services.status === 'down' ? [] : services.data.services
  const reporting = tree.filter(({ checks }) => checks.length > 0)
  const silent = tree.filter(({ checks }) => checks.length === 0)
  const bare = services.status !== 'down' && services.data.counts.checks === 0 && !narrowed
  return (
    <ListFrame
      list={list}
      title="Health"
      note={
        <>
          <Note health={list.data} />{' '}
          <span className="text-md">
            A check asks whether a part answers. Failing calls are under{' '}
            <AppLink href={`/${environment}/breakers`} className="underline underline-offset-2">
              Breakers
            </AppLink>
            , failing jobs under{' '}
            <AppLink href={`/${environment}/queues`} className="underline underline-offset-2">
              Queues
            </AppLink>
            .
          </span>
        </>
      }
    >
      <div className="grid grid-cols-1 gap-5">
        {bare ? null : (
          <section aria-label="Services">
            <FilterBar counts={services.status === 'down' ? undefined : countsOf(services.data.counts)} />
            {services.status === 'down' ? (
              <Panel title="Services">
                <PartDown what={REPORTED} part={services} />
              </Panel>
            ) : (
              <PartBoundary
                part={services}
                what={REPORTED}
                className="grid grid-cols-1 gap-3 [&>[role=status]]:rounded-lg [&>[role=status]]:border [&>[role=status]]:py-2"
              >
                {({ counts }) => (
                  <Sparklines
                    environment={environment}
                    keys={counts.checks <= UNFOLDED ? reporting.flatMap(latenciesOf) : []}
                  >
                    <div className="grid grid-cols-1 gap-3">
                      {tree.length === 0 ? (
                        <TitledPanel title="Checks" note="0">
                          <NoMatch noun={['check', 'checks']} />
                        </TitledPanel>
                      ) : (
                        reporting.map(service => (
                          <ServiceChecks
                            key={service.service}
                            environment={environment}
                            service={service}
                            sampled={counts.checks <= UNFOLDED}
                            unfolded={narrowed || counts.checks <= UNFOLDED}
                          />
                        ))
                      )}
                      {silent.length > 0 ? <SilentServices environment={environment} services={silent} /> : null}
                    </div>
                  </Sparklines>
                )}
              </PartBoundary>
            )}
          </section>
        )}
        {targets.length > 0 ? <TargetPanels targets={targets} /> : null}
        <OwnParts parts={own} />
        {bare && silent.length > 0 ? <SilentServices environment={environment} services={silent} /> : null}
        {bare ? (
          <Panel title="Services" note="none reports its health yet">
            <EmptyState
              title="Report what a service depends on"
              code={joiningLines(joining, {
                imports: "import { createHealth, databaseCheck } from 'substation/health'",
                lines: [
                  'const health = createHealth()',
                  'const ping = () => sql`select 1`',
                  "health.register(databaseCheck({ name: 'orders-db', ping }))",
                ],
                name: 'health',
              })}
            >
              Each check runs at its own interval in the process itself; here its status, latency and next step are
              shown for all processes together.
            </EmptyState>
          </Panel>
        ) : null}
      </div>
    </ListFrame>
  )
}

function Note({ health }: { health: HealthData }) {
  const { services, targets, console: own } = health
  const parts: string[] = []
  if (services.status !== 'down') {
    const { checks, down, degraded, unknown } = services.data.counts
    const off = [down && `${down} down`, degraded && `${degraded} degraded`, unknown && `${unknown} unknown`].filter(
      Boolean,
    )
    if (checks > 0)
      parts.push(
        `${services.status === 'stale' ? 'as last seen ' : ''}${formatExact(checks)} ${checks === 1 ? 'check' : 'checks'}${off.length > 0 ? `: ${off.join(', ')}` : ', all up'}`,
      )
  }
  const targetsDown = targets.filter(({ report }) => report.status !== 'up').length
  if (targets.length > 0)
    parts.push(
      `${targets.length} watched ${targets.length === 1 ? 'server' : 'servers'}${targetsDown > 0 ? `, ${targetsDown} down` : ''}`,
    )
  const trouble = own.filter(({ status }) => status === 'down' || status === 'degraded').length
  parts.push(trouble > 0 ? `${trouble} of the console’s own parts in trouble` : 'the console is healthy')
  const sentence = `${parts.join('; ')}.`
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function countsOf(counts: Extract<HealthData['services'], { status: 'up' }>['data']['counts']) {
  return { all: counts.checks, trouble: counts.down + counts.degraded + counts.unknown }
}
