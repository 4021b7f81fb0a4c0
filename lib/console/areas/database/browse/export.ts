import { beginRead, type ReadOutcome } from '../../../platform/audit/record-read.ts'
import { csvLine } from '../../../platform/csv.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { databaseOf, hiddenIn } from '../acts/target.ts'
import { filterOf, rowsFilters, rowsView } from '../views/rows.ts'
import { admitExport, type FileAsked } from './admit-export.ts'
import { browse, outcomeOf } from './browse.ts'
import type { RowsPage } from './read-rows.ts'

const MOST = 10_000
const BATCH = 500

/** The rows that match the filter as CSV, the first 10,000, in pieces. Refuses before the first piece those who may not browse, and what cannot be read. */
export async function* exportRows(asked: FileAsked): AsyncGenerator<string> {
  const { actor, store, settings, environment } = asked
  const filters = await admitExport(asked, rowsView, 'Exporting rows', rowsFilters.omit({ after: true }))
  const { name, schema, table, ...rest } = filters
  const server = databaseOf(environment, name)
  const filter = filterOf(rest)
  const end = await beginRead(store.db, {
    view: rowsView,
    environment: environment.name,
    actor,
    target: { kind: 'database', name },
    filters: { ...filters, after: '' },
  })
  let written = 0
  let failed: ReadOutcome | undefined
  let isOver = false
  try {
    for (let after: string | undefined; !isOver; ) {
      const answer = await browse(server, settings.secret, {
        schema,
        table,
        limit: Math.min(BATCH, MOST - written),
        furthest: MOST,
        hidden: hiddenIn(environment, name),
        ...(after === undefined ? {} : { after }),
        ...(filter ? { filter } : {}),
      })
      if (answer.kind !== 'rows') {
        failed = outcomeOf(answer, schema, table)
        throw new RefusalError({
          code: answer.kind === 'down' ? 'unavailable' : 'conflict',
          message: answer.words,
          nextStep: answer.nextStep ?? answer.grant,
        })
      }
      const piece = piecesOf(answer, after === undefined)
      written += answer.rows.length
      after = answer.next
      isOver = after === undefined || written >= MOST
      yield piece
    }
  } finally {
    const message = `Exported ${written.toLocaleString('en')} rows of ${schema}.${table}.`
    await end(failed ?? { outcome: isOver ? 'succeeded' : 'aborted', message })
  }
}

function piecesOf({ columns, rows }: RowsPage, isFirst: boolean): string {
  return [...(isFirst ? [columns.map(({ name }) => name)] : []), ...rows].map(csvLine).join('')
}
