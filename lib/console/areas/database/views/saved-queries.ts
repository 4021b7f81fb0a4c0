import { z } from 'zod'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { readSavedQueries, type SavedQuery } from '../saved-queries/store.ts'

export interface SavedQueriesData {
  queries: Part<SavedQuery[]>
}

/** The saved queries of a database, by name. */
export const savedQueriesView = defineView({
  id: 'database-saved-queries',
  title: 'Saved queries',
  permission: 'database:browse',
  topics: ['database'],
  filters: z.object({ name: exact(300) }),
  freshFor: 1_000,
  async read({ environment, store, outages }, { name }): Promise<SavedQueriesData> {
    const place = { environment: environment.name, database: name }
    return { queries: await part('Postgres', outages, readSavedQueries(store.db, place)) }
  },
})
