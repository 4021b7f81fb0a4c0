import { z } from 'zod'
import { sensitive } from '../../../platform/operation/input.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { PostgresServers } from '../../../servers/resources.ts'
import { hiddenIn } from '../acts/target.ts'
import { browse, outcomeOf } from '../browse/browse.ts'
import { COMPARISONS, type RowsFilter, type RowsPage, type RowsRefused } from '../browse/read-rows.ts'

const PAGE = 50
/** Without a key each page reads all before it again. */
const FURTHEST = 1_000

export const rowsFilters = z.object({
  name: exact(300),
  schema: exact(63),
  table: exact(63),
  column: exact(63),
  is: z.enum(COMPARISONS).default('equals'),
  value: sensitive(exact(300)),
  after: sensitive(exact(8_000)),
})

export interface RowsData {
  schema: string
  table: string
  /** Absent while no table is chosen, or no database of that name is declared. */
  answer?: RowsPage | RowsRefused
}

/** Rows of a table, read-only, its secrets masked. Who reads is in the audit. */
export const rowsView = defineView({
  id: 'database-rows',
  title: 'Rows of a table',
  permission: 'database:browse',
  // No topics: rows are read when someone asks, not whenever something changed.
  topics: [],
  filters: rowsFilters,
  freshFor: 1_000,
  audited: {
    target: ({ name, schema, table }) => (name && schema && table ? { kind: 'database', name } : undefined),
    outcome: ({ answer, schema, table }: RowsData) => outcomeOf(answer, schema, table),
  },
  async read({ environment, settings }, { name, schema, table, after, ...rest }): Promise<RowsData> {
    const server = environment.of(PostgresServers).find(name)
    if (!server || !schema || !table) return { schema, table }
    const filter = filterOf(rest)
    const answer = await browse(server, settings.secret, {
      schema,
      table,
      limit: PAGE,
      furthest: FURTHEST,
      hidden: hiddenIn(environment, name),
      ...(after ? { after } : {}),
      ...(filter ? { filter } : {}),
    })
    return { schema, table, answer }
  },
})

/** Nothing is filtered by before a column is chosen. */
export function filterOf({ column, is, value }: RowsFilter): RowsFilter | undefined {
  return column ? { column, is, value } : undefined
}
