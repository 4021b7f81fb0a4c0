import type { Ask } from '../port.ts'
import { beyondSql, OWN_ACCOUNT } from './beyond-sql.ts'
import { ExplainError } from './explain-error.ts'

/**
 * Rejects with ExplainError where an account that reaches beyond SQL would plan what another account defines: the functions of its views
 * and indexes run while planning, whoever wrote the statement, and a foreign table asks another server. PREPARE resolves a statement and
 * the views in it without planning; what they name is locked until the transaction ends, so it cannot be replaced in between.
 */
export async function refuseRelationsOfOthers(ask: Ask, statement: string): Promise<void> {
  const beyond = await beyondSql(ask)
  if (beyond === undefined) return
  const before = await lockedRelations(ask)
  await ask(`prepare substation_resolved as ${statement}`)
  await ask('deallocate substation_resolved')
  const named = (await lockedRelations(ask)).filter(oid => !before.includes(oid))
  const [found] = await ask<{ name: string; kind: string; owner: string }>(
    `with recursive read as (
       select x::oid as oid from json_array_elements_text($1::text::json) x
       union select i.inhrelid from pg_inherits i join read on i.inhparent = read.oid)
     select format('%I.%I', n.nspname, c.relname) as name, c.relkind as kind, o.rolname::text as owner
     from read join pg_class c using (oid) join pg_namespace n on n.oid = c.relnamespace join pg_roles o on o.oid = c.relowner
     where c.relkind = 'f' or o.rolname <> current_user and not o.rolsuper and (c.relkind = 'v' or exists (
       select from pg_index i join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
       where i.indrelid = c.oid and d.refclassid = 'pg_proc'::regclass))
     limit 1`,
    [JSON.stringify(named)],
  )
  if (!found) return
  const why =
    found.kind === 'f'
      ? `${found.name} is a foreign table, and planning would contact its server as ${beyond}`
      : `${found.name} belongs to ${found.owner}, and planning would run the functions in ${found.kind === 'v' ? 'it' : 'its indexes'} as ${beyond}`
  throw new ExplainError(why, { nextStep: OWN_ACCOUNT })
}

/** Of users, not of the catalog. */
async function lockedRelations(ask: Ask): Promise<string[]> {
  const rows = await ask<{ oid: string }>(
    `select distinct relation::text as oid from pg_locks where pid = pg_backend_pid() and locktype = 'relation' and relation >= 16384`,
  )
  return rows.map(({ oid }) => oid)
}
