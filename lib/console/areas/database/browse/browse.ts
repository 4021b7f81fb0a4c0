import { DatabaseError } from '../../../../infrastructure/database/index.ts'
import type { ReadOutcome } from '../../../platform/audit/record-read.ts'
import { counted } from '../../../platform/counted.ts'
import { nextStepOf, reasonOf } from '../../../platform/part/reason.ts'
import type { PostgresServer } from '../../../servers/postgres/servers.ts'
import { cursors } from './cursor.ts'
import { type RowsAsked, type RowsPage, type RowsRefused, readRows } from './read-rows.ts'

/** One page of a table, or why there is none. Nothing of it is kept. */
export async function browse(
  server: PostgresServer,
  secret: string,
  asked: RowsAsked,
): Promise<RowsPage | RowsRefused> {
  const { schema, table, filter } = asked
  const list = [server.name, schema, table, ...(filter ? [filter.column, filter.is, filter.value] : [])]
  try {
    return await server.ask({
      id: 'rows',
      freshFor: 0,
      answer: ask => readRows(ask, asked, cursors(secret, list)),
    })
  } catch (error) {
    return refusedByFilter(error, `${schema}.${table}`, server.name)
  }
}

/** Why a server did not answer, whatever was read. `what` begins the sentence. */
export function refusedByServer(
  error: unknown,
  what: string,
  table: string,
  server: string,
): RowsRefused & { kind: 'slow' | 'locked' | 'denied' | 'down' } {
  const state = sqlStateOf(error)
  if (state === '57014')
    return {
      kind: 'slow',
      words: `${what} took longer than two seconds and was cancelled.`,
      nextStep: 'Filter by a column that begins an index, with “equals”.',
    }
  if (state === '55P03')
    return {
      kind: 'locked',
      words: `Another session holds a lock on ${table} that keeps readers out.`,
      nextStep: 'The Activity tab shows which.',
    }
  if (state === '42501') return { kind: 'denied', words: `The account of the console may not read all of ${table}.` }
  return {
    kind: 'down',
    words: `${reasonOf(`Postgres ${server}`, error)}.`,
    nextStep: nextStepOf(`Postgres ${server}`, error),
  }
}

export const sqlStateOf = (error: unknown) => (error instanceof DatabaseError ? error.sqlState : undefined)

function refusedByFilter(error: unknown, table: string, server: string): RowsRefused {
  const state = sqlStateOf(error)
  // Only a filter's value is cast: cursors are the console's own.
  if (state?.startsWith('22')) return { kind: 'value', words: 'The value is not one of the column’s type.' }
  if (state === '42883')
    return { kind: 'value', words: 'Values of this column’s type cannot be compared for equality.' }
  return refusedByServer(error, `Reading ${table}`, table, server)
}

/** What the audit says of it. */
export function outcomeOf(answer: RowsPage | RowsRefused | undefined, schema: string, table: string): ReadOutcome {
  if (answer?.kind === 'rows')
    return { outcome: 'succeeded', message: `Read ${counted(answer.rows.length, 'row')} of ${schema}.${table}.` }
  const isRefused = answer?.kind === 'denied' || answer?.kind === 'column'
  return { outcome: isRefused ? 'refused' : 'failed', message: answer?.words ?? 'There is no such database.' }
}
