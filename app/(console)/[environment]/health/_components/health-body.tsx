'use client'

import { DroppedFilters } from '@/app/(console)/_parts/filters/dropped-filters'
import { FilterChips } from '@/app/(console)/_parts/filters/filter-chips'
import { ShallowLinks } from '@/app/(console)/_parts/filters/shallow'
import { type UrlFilters, useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { pickFilters, useFilteredView } from '@/app/(console)/_parts/filters/use-filtered-view'
import { Sparklines } from '@/app/(console)/_parts/series/sparklines'
import { type Joining, joiningLines } from '@/app/(console)/_parts/teaching/joining'
import { SearchField } from '@/components/data-table/search-field'
import { PageHeader } from '@/components/shell/page-header'
import { formatExact } from '@/components/status/number-format'
import { Panel } from '@/components/status/panel'
import { PartBoundary, PartDown } from '@/components/status/part-boundary'
import { AppLink } from '@/components/ui/app-link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { HealthData } from '@/lib/console/areas/health/views/health'
import type { Reading } from '@/lib/console/platform/view/read'
import { OwnParts } from './own-parts'
import { latenciesOf, ServiceChecks } from './service-checks'
import { SilentServices } from './silent-services'
import { TargetPanels } from './target-panels'

const FILTERS = ['q', 'status']
/** With more checks than these, healthy services begin folded. */
const UNFOLDED = 60

type Counts = Extract<HealthData['services'], { status: 'up' }>['data']['counts']

interface HealthBodyProps {
  initial: Reading<HealthData>
  joining: Joining
}

export function HealthBody({ initial, joining }: HealthBodyProps) {
  const { environment } = joining
  const url = useUrlFilters()
  const filters = pickFilters(url.get, FILTERS)
  const { reading } = useFilteredView<HealthData>({ view: 'health', environment, filters }, initial)
  const { services, console: own, targets } = reading.data
  const narrowed = Object.keys(filters).length > 0
  const tree = services.status === 'down' ? [] : services.data.services
  const reporting = tree.filter(({ checks }) => checks.length > 0)
  const silent = tree.filter(({ checks }) => checks.length === 0)
  const bare = services.status !== 'down' && services.data.counts.checks === 0 && !narrowed
  return (
    <ShallowLinks>
      <PageHeader
        title="Health"
        note={
          <>
            <Note health={reading.data} />{' '}
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
      />
      <DroppedFilters dropped={reading.dropped} />
      <div className="grid grid-cols-1 gap-5">
        {bare ? null : (
          <section aria-label="Services" className="grid grid-cols-1 gap-3">
            {services.status === 'down' ? (
              <Panel title="Services">
                <PartDown what="What services report of their parts" part={services} />
              </Panel>
            ) : (
              <PartBoundary
                part={services}
                what="What services report of their parts"
                className="grid grid-cols-1 gap-3 [&>[role=status]]:rounded-lg [&>[role=status]]:border [&>[role=status]]:py-2"
              >
                {({ counts }) => (
                  <Sparklines
                    environment={environment}
                    keys={counts.checks <= UNFOLDED ? reporting.flatMap(latenciesOf) : []}
                  >
                    <Filters url={url} counts={counts} />
                    {tree.length === 0 ? (
                      <NothingMatches url={url} />
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
    </ShallowLinks>
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

function Filters({ url, counts }: { url: UrlFilters; counts: Counts }) {
  const trouble = counts.down + counts.degraded + counts.unknown
  return (
    <div className="flex flex-wrap items-center gap-2">
      <FilterChips
        label="Which checks"
        value={url.get('status') === 'trouble' ? 'trouble' : 'all'}
        chips={[
          { value: 'all', label: 'All checks', count: counts.checks },
          {
            value: 'trouble',
            label: 'In trouble',
            count: trouble,
            status: counts.down > 0 ? 'bad' : counts.degraded > 0 ? 'warning' : 'unknown',
          },
        ]}
        onChange={status => url.set({ status: status === 'all' ? undefined : status })}
      />
      <SearchField
        label="Filter checks"
        value={url.get('q') ?? ''}
        onChange={q => url.set({ q })}
        className="ml-auto w-56 max-wide:ml-0 max-wide:w-full"
      />
    </div>
  )
}

function NothingMatches({ url }: { url: UrlFilters }) {
  const onlyTrouble = url.get('status') === 'trouble' && url.get('q') === undefined
  return (
    <Panel title="Checks" note="0">
      <EmptyState
        title={onlyTrouble ? 'No check is in trouble' : 'No check matches'}
        action={
          <Button asChild>
            <AppLink href={url.href({ q: undefined, status: undefined })}>Clear the filters</AppLink>
          </Button>
        }
      />
    </Panel>
  )
}
