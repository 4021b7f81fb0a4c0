'use client'

import { useView } from '@/app/(console)/_frame/use-view'
import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { SqlText } from '@/app/(console)/_parts/migrations/sql-text'
import { HoursControl, hoursOf } from '@/app/(console)/_parts/series/hours-control'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { PartBoundary } from '@/components/status/part-boundary'
import { CopyButton } from '@/components/ui/copy-button'
import { EmptyState } from '@/components/ui/empty-state'
import { SheetBody, SheetHeader } from '@/components/ui/sheet'
import type { QueryRow } from '@/lib/console/areas/database/statements/rows'
import type { QueryData } from '@/lib/console/areas/database/views/query'
import type { Reading } from '@/lib/console/platform/view/read'
import { formatExact } from '@/lib/core/number-format'
import { Finding } from '../../_components/finding'
import { PlansSeen } from './plans-seen'
import { QueryCharts } from './query-charts'
import { QueryFacts } from './query-facts'
import { QueryPlan } from './query-plan'

interface QuerySheetProps {
  /** Of the database. */
  name: string
  query: string
  url: UrlFilters
  environment: string
  initial: Reading<QueryData> | undefined
}

/** One statement: its text, who sends it, what it did over time, and its plan. */
export function QuerySheet({ name, query, url, environment, initial }: QuerySheetProps) {
  const hours = hoursOf(url.get('hours'))
  const { reading, failed } = useView<QueryData>(
    { view: 'database-query', environment, filters: { name, query, hours } },
    initial,
  )
  const { query: part, history, marks } = reading?.data ?? {}
  return (
    <>
      <SheetHeader title="Query" description={`${query}, of ${name}`} />
      <SheetBody>
        <div className="-m-4">
          {reading === undefined ? <SheetWaiting what="The query" failed={failed} /> : null}
          {part ? (
            <PartBoundary part={part} what={`Postgres ${name}`}>
              {({ row, resetAt, measuredMissing }) =>
                row ? (
                  <>
                    <Text row={row} />
                    {row.slower && row.deploy ? (
                      <div className="p-4 pb-0">
                        <Finding severity="warning">
                          Its mean rose from {formatExact(Math.round(row.deploy.before.meanMs * 100) / 100)} to{' '}
                          {formatExact(Math.round(row.deploy.after.meanMs * 100) / 100)} ms since {row.deploy.service}{' '}
                          {row.deploy.version} was deployed.
                        </Finding>
                      </div>
                    ) : null}
                    <QueryFacts row={row} resetAt={resetAt} measuredMissing={measuredMissing} />
                  </>
                ) : (
                  <EmptyState title="This statement is not counted any more">
                    Postgres dropped it, or its counts were reset, since it was last called.
                  </EmptyState>
                )
              }
            </PartBoundary>
          ) : null}
          {history ? (
            <Section title="Over time">
              <div className="px-4 pb-2">
                <HoursControl hours={hours} url={url} />
              </div>
              <PartBoundary part={history} what="The figures over time">
                {figures => <QueryCharts history={figures} marks={marks} />}
              </PartBoundary>
            </Section>
          ) : null}
          {reading?.data.plans ? <PlansSeen plans={reading.data.plans} /> : null}
          <QueryPlan environment={environment} database={name} query={query} />
        </div>
      </SheetBody>
    </>
  )
}

function Text({ row: { text } }: { row: QueryRow }) {
  if (text === undefined)
    return (
      <p className="px-4 py-3 text-md text-muted">
        Its text is not known: Postgres dropped it, or this account may not see the statements of others.
      </p>
    )
  return (
    <div className="relative border-b border-line bg-sunk">
      <SqlText sql={text} label="The statement" />
      <CopyButton value={text} label="Copy the statement" className="absolute top-1 right-1" />
    </div>
  )
}
