import type { Ask, Question } from '../port.ts'
import { readTexts } from '../statements/read.ts'
import { ExplainError, explainable } from './explain.ts'

/** Members of these roles reach the files and the shell of the server from SQL, also in a read-only transaction. A superuser counts as a member of each. */
const BEYOND_SQL = ['pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files']

/**
 * The text of a statement that may be planned; undefined where it is not known. Planning runs the IMMUTABLE functions of a statement with the
 * rights of the account that asks, and what such a function does is up to its owner. So an account that reaches beyond SQL plans what it
 * sent itself, and nothing else. Rejects with ExplainError where that, or the text, forbids it.
 */
export function plannableQuestion(queryId: string): Question<string | undefined> {
  return { id: `plannable ${queryId}`, freshFor: 0, answer: ask => plannable(ask, queryId) }
}

async function plannable(ask: Ask, queryId: string): Promise<string | undefined> {
  const own = (await readTexts(ask, [queryId], 'own')).get(queryId)
  const text = own ?? (await readTexts(ask, [queryId], 'all')).get(queryId)
  if (text === undefined) return undefined
  explainable(text)
  if (own === undefined) await refuseBeyondSql(ask)
  return text
}

async function refuseBeyondSql(ask: Ask): Promise<void> {
  const [row] = await ask<{ account: string; roles: string[]; superuser: boolean }>(
    `select current_user::text as account, array(select x from json_array_elements_text($1::text::json) x where pg_has_role(x, 'member')) as roles,
       (select rolsuper from pg_roles where rolname = current_user) as superuser`,
    [JSON.stringify(BEYOND_SQL)],
  )
  if (row && row.roles.length === 0) return
  const why = row?.superuser ? 'is a superuser' : `has the role ${row?.roles.join(', ')}`
  throw new ExplainError(
    `Another account sent this statement, and planning would run its IMMUTABLE functions as ${row?.account}, which ${why}`,
    { nextStep: 'Give the console an account of its own that is no superuser, with GRANT pg_monitor.' },
  )
}
