import { defineView } from '../../../platform/view/define.ts'
import { auditedInput, outcomeOfQuery, type QueryAnswer, queryFilters, runFor } from '../saved-queries/run-saved.ts'

export interface QueryRowsData {
  /** Absent while no query is given, or no database of that name is declared. */
  done?: QueryAnswer
}

/** Rows of a query, read-only, what is masked left out. Who ran it is in the audit, without the values. */
export const queryRowsView = defineView({
  id: 'database-query-rows',
  title: 'Rows of a query',
  permission: 'database:browse',
  // No topics: a query is run when someone asks.
  topics: [],
  filters: queryFilters,
  // Its values name people.
  inBody: true,
  freshFor: 1_000,
  audited: {
    target: ({ name, query, text }) => (name && (query || text) ? { kind: 'database', name } : undefined),
    input: auditedInput,
    outcome: ({ done }: QueryRowsData) => outcomeOfQuery(done),
  },
  async read(context, filters): Promise<QueryRowsData> {
    const done = filters.query || filters.text ? await runFor(context, filters) : undefined
    return done ? { done } : {}
  },
})
