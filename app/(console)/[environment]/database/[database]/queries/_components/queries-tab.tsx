'use client'

import dynamic from 'next/dynamic'
import { FilterBar } from '@/app/(console)/_parts/list/filter-bar'
import type { List } from '@/app/(console)/_parts/list/list'
import { ListPage } from '@/app/(console)/_parts/list/list-page'
import { ListPanel, ListPart } from '@/app/(console)/_parts/list/list-panel'
import { ListTable } from '@/app/(console)/_parts/list/list-table'
import { useList } from '@/app/(console)/_parts/list/use-list'
import { HoursControl, hoursOf } from '@/app/(console)/_parts/series/hours-control'
import { RelativeTime } from '@/components/status/relative-time'
import { EmptyState } from '@/components/ui/empty-state'
import type { QueriesData } from '@/lib/console/areas/database/views/queries'
import type { QueryData } from '@/lib/console/areas/database/views/query'
import type { Reading } from '@/lib/console/platform/view/read'
import { formatExact } from '@/lib/core/number-format'
import { Finding } from '../../_components/finding'
import { queryRows } from './query-rows'

const QuerySheet = dynamic(() => import('./query-sheet').then(module => module.QuerySheet))

const queriesList: List = {
  view: 'database-queries',
  search: 'Filter queries',
  states: [
    { value: 'slower', label: 'Slower since a deploy', status: 'warning', offered: 'counted' },
    { value: 'disk', label: 'Spilling to disk', offered: 'counted' },
  ],
  selects: [{ name: 'service', label: 'Service', any: 'All services' }],
  arrangedBy: ['hours'],
  sheet: ['query'],
}

interface QueriesTabProps {
  environment: string
  /** Of the database. */
  name: string
  initial: Reading<QueriesData>
  /** The sheet the address asked for, read on the server. */
  opened?: { query: string; reading: Reading<QueryData> }
}

export function QueriesTab({ environment, name, initial, opened }: QueriesTabProps) {
  const list = useList(queriesList, environment, initial, { name })
  const { queries } = list.data
  const known = queries && queries.status !== 'down' ? queries.data : undefined
  const query = list.url.get('query')
  if (!queries) return null
  return (
    <ListPage
      list={list}
      sheet={
        query ? (
          <QuerySheet
            key={query}
            name={name}
            query={query}
            url={list.url}
            environment={environment}
            initial={opened?.query === query ? opened.reading : undefined}
          />
        ) : null
      }
    >
      <FilterBar counts={known?.counts} options={{ service: known?.services ?? [] }}>
        <HoursControl hours={hoursOf(list.url.get('hours'))} url={list.url} />
      </FilterBar>
      {known?.missing ? (
        <div className="mb-3">
          <Finding severity="warning" statement={known.missing.nextStep}>
            {known.missing.words}
          </Finding>
        </div>
      ) : null}
      {known?.historyMissing ? (
        <div className="mb-3">
          <Finding severity="warning">
            What they did lately, and whether they are slower since a deploy, is not known: {known.historyMissing}.
          </Finding>
        </div>
      ) : null}
      {known?.measuredMissing ? (
        <div className="mb-3">
          <Finding severity="warning">
            Percentiles, which the services measure, are not known: {known.measuredMissing}.
          </Finding>
        </div>
      ) : null}
      {known?.missing && known.rows.length === 0 ? null : (
        <ListPanel>
          <ListPart part={queries} what={`Postgres ${name}`}>
            {({ rows, total, counts }) => (
              <ListTable
                of={queryRows}
                rows={rows}
                total={total}
                label={`Queries of ${name}`}
                empty={
                  counts.all === 0 && list.chosen.length === 0 ? (
                    <EmptyState title="No statement was counted yet">
                      Statements show here once they have run; the counts are read once a minute.
                    </EmptyState>
                  ) : undefined
                }
              />
            )}
          </ListPart>
        </ListPanel>
      )}
      {known && known.rows.length > 0 ? <Note {...known} /> : null}
    </ListPage>
  )
}

type Known = Extract<NonNullable<QueriesData['queries']>, { status: 'up' }>['data']

function Note({ resetAt, kept, most, evictions }: Known) {
  return (
    <p className="mt-2 text-sm text-muted">
      Figures over time are kept of the forty statements that take most of the server’s time, and read once a minute;
      all others have totals
      {resetAt === undefined ? (
        ''
      ) : (
        <>
          {' '}
          since <RelativeTime at={resetAt} />
        </>
      )}
      . Postgres keeps a mean, its deviation and the largest; percentiles are measured by the services that use the
      library. It has {formatExact(kept)} of at most {formatExact(most)} statements
      {evictions ? `, and dropped the least used ${formatExact(evictions)} times: what was dropped is missing` : ''}.
    </p>
  )
}
