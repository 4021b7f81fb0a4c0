import type { Ask } from '../port.ts'

/** Members of these roles reach the files and the shell of the server from SQL, also in a read-only transaction. A superuser counts as a member of each. */
const BEYOND_SQL = ['pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files']

/** Which account asks and why it reaches beyond SQL, as part of a sentence; undefined: it does not. */
export async function beyondSql(ask: Ask): Promise<string | undefined> {
  const [row] = await ask<{ account: string; roles: string[]; superuser: boolean }>(
    `select current_user::text as account, array(select x from json_array_elements_text($1::text::json) x where pg_has_role(x, 'member')) as roles,
       (select rolsuper from pg_roles where rolname = current_user) as superuser`,
    [JSON.stringify(BEYOND_SQL)],
  )
  if (row && row.roles.length === 0) return undefined
  return `${row?.account}, which ${row?.superuser ? 'is a superuser' : `has the role ${row?.roles.join(', ')}`}`
}

export const OWN_ACCOUNT = 'Give the console an account of its own that is no superuser, with GRANT pg_monitor.'
