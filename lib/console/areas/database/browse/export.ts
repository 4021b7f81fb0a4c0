import { forbidden } from '../../../platform/access/forbidden.ts'
import type { Access, Actor } from '../../../platform/access/roles.ts'
import { beginRead } from '../../../platform/audit/record-read.ts'
import { csvLine } from '../../../platform/csv.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { invalidExport } from '../../../platform/invalid-export.ts'
import { problemsOf } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import type { Settings } from '../../../platform/settings/port.ts'
import type { Db } from '../../../platform/store/port.ts'
import { databaseOf, hiddenIn } from '../acts/target.ts'
import { filterOf, rowsFilters, rowsView } from '../views/rows.ts'
import { browse } from './browse.ts'
import type { RowsPage } from './read-rows.ts'

const MOST = 10_000
const BATCH = 500

interface RowsExport {
  access: Access
  actor: Actor
  db: Db
  settings: Settings
  environment: ConsoleEnvironment
  query: Record<string, string>
}

/** The rows that match the filter as CSV, the first 10,000, in pieces. Refuses before the first piece those who may not browse, and what cannot be read. */
export async function* exportRows({
  access,
  actor,
  db,
  settings,
  environment,
  query,
}: RowsExport): AsyncGenerator<string> {
  if (!access.isAllowed(actor.role, rowsView.permission))
    throw forbidden('Exporting rows', access.roleFor(rowsView.permission), actor)
  const parsed = rowsFilters.omit({ after: true }).strict().safeParse(query, { reportInput: true })
  if (!parsed.success) throw invalidExport(problemsOf(parsed.error))
  const { name, schema, table, ...rest } = parsed.data
  const server = databaseOf(environment, name)
  const filter = filterOf(rest)
  const end = await beginRead(db, {
    view: rowsView,
    environment: environment.name,
    actor,
    target: { kind: 'database', name },
    filters: parsed.data,
  })
  let written = 0
  let failed: string | undefined
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
        failed = answer.words
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
    await end({
      outcome: isOver ? 'succeeded' : failed === undefined ? 'aborted' : 'failed',
      message: failed ?? `Exported ${written.toLocaleString('en')} rows of ${schema}.${table}.`,
    })
  }
}

function piecesOf({ columns, rows }: RowsPage, isFirst: boolean): string {
  return [...(isFirst ? [columns.map(({ name }) => name)] : []), ...rows].map(csvLine).join('')
}
