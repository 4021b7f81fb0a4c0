import { beginRead, type ReadOutcome } from '../../../platform/audit/record-read.ts'
import { csvLine } from '../../../platform/csv.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { databaseOf } from '../acts/target.ts'
import { admitExport, type FileAsked } from '../browse/admit-export.ts'
import { queryRowsView } from '../views/query-rows.ts'
import { outcomeOfQuery, queryFilters, runFor } from './run-saved.ts'

/** The rows of a query as CSV, as many as the page shows. Refuses before the first piece those who may not browse, and what cannot be run. */
export async function* exportQuery(asked: FileAsked): AsyncGenerator<string> {
  const { actor, store, environment } = asked
  const filters = await admitExport(asked, queryRowsView, 'Exporting rows', queryFilters)
  const { name } = databaseOf(environment, filters.name)
  const end = await beginRead(store.db, {
    view: queryRowsView,
    environment: environment.name,
    actor,
    target: { kind: 'database', name },
    filters,
  })
  let outcome: ReadOutcome = { outcome: 'failed', message: 'It could not be read.' }
  try {
    const done = await runFor({ environment, store }, filters)
    outcome = outcomeOfQuery(done, 'exported')
    if (done?.answer.kind !== 'rows')
      throw new RefusalError({
        code: done?.answer.kind === 'down' ? 'unavailable' : 'conflict',
        message: done?.answer.words ?? outcome.message,
        ...(done?.answer.nextStep === undefined ? {} : { nextStep: done.answer.nextStep }),
      })
    const { columns, rows } = done.answer
    yield [columns.map(column => column.name), ...rows].map(csvLine).join('')
  } finally {
    await end(outcome)
  }
}
