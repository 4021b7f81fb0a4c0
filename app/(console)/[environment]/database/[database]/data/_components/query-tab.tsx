import { type ComponentProps, useState } from 'react'
import { useView } from '@/app/(console)/_frame/use-view'
import { useUrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { Callout } from '@/components/ui/callout'
import type { SavedQueriesData } from '@/lib/console/areas/database/views/saved-queries'
import type { Reading } from '@/lib/console/platform/view/read'
import { QueryEditor } from './query-editor'
import { QueryResult } from './query-result'
import { SavedQueryList } from './saved-query-list'
import { useQueryRun } from './use-query-run'

interface QueryTabProps {
  environment: string
  /** Of the database. */
  name: string
  initial: Reading<SavedQueriesData>
}

/** Queries of this database: found, written, run and saved. */
export function QueryTab({ environment, name, initial }: QueryTabProps) {
  const url = useUrlFilters()
  const { reading = initial } = useView<SavedQueriesData>(
    { view: 'database-saved-queries', environment, filters: { name } },
    initial,
  )
  const [openings, setOpenings] = useState(0)
  const { queries } = reading.data
  const chosen = url.get('query')
  const known = queries.status === 'down' ? undefined : queries.data
  const saved = known?.find(({ id }) => id === chosen)
  return (
    <div className="grid grid-cols-1 items-start gap-3 desk:grid-cols-[18rem_minmax(0,1fr)]">
      <SavedQueryList
        queries={queries}
        chosen={chosen}
        onChoose={query => url.set({ query })}
        onNew={() => {
          url.set({ query: undefined })
          setOpenings(openings + 1)
        }}
      />
      <div className="grid grid-cols-1 gap-3">
        {chosen !== undefined && known && !saved ? (
          <Callout tone="neutral" title="This query was deleted">
            The audit says by whom; for a day it can be undone there.
          </Callout>
        ) : null}
        <QueryAndResult
          key={`${saved?.id ?? 'new'} ${openings}`}
          environment={environment}
          name={name}
          chosen={saved}
          known={known ?? []}
          onReopen={() => setOpenings(openings + 1)}
        />
        <p className="text-sm text-muted">
          Each run, and each file, is in the audit with the query and the names of its parameters, without the values in
          either. Masked columns cannot be used at all; a text or JSON with something secret in it is hidden before the
          query sees it. Times are UTC. Nothing is run on its own.
        </p>
      </div>
    </div>
  )
}

type QueryAndResultProps = Omit<QueryTabProps, 'initial'> &
  Pick<ComponentProps<typeof QueryEditor>, 'chosen' | 'known' | 'onReopen'>

function QueryAndResult({ environment, name, ...editor }: QueryAndResultProps) {
  const { run, start } = useQueryRun(environment)
  return (
    <>
      <QueryEditor
        database={name}
        {...editor}
        busy={run !== undefined && run.answer === undefined}
        onRun={filters => void start(filters)}
      />
      {run ? <QueryResult run={run} environment={environment} /> : null}
    </>
  )
}
