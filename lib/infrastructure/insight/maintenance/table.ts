import type { Ask, Question } from '../port.ts'
import type { TableForMaintenance } from './port.ts'

/** What is to be known of a table before something is done to it; undefined: there is none. Read for each preview. */
export function maintenanceQuestion(schema: string, table: string): Question<TableForMaintenance | undefined> {
  return { id: `maintenance ${schema}.${table}`, freshFor: 0, answer: ask => readTable(ask, schema, table) }
}

async function readTable(ask: Ask, schema: string, table: string): Promise<TableForMaintenance | undefined> {
  const [row] = await ask<TableForMaintenance>(
    `select n.nspname::text as schema, c.relname::text as table, greatest(c.reltuples, 0)::float8 as rows,
       pg_table_size(c.oid)::float8 as "tableBytes", pg_indexes_size(c.oid)::float8 as "indexBytes",
       pg_has_role(current_user, c.relowner, 'usage') as "mayChange", quote_ident(pg_get_userbyid(c.relowner)) as owner,
       quote_ident(current_user) as account, c.relkind = 'p' as partitioned,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       array(select o.relname::text from pg_class o where o.relnamespace = c.relnamespace) as taken,
       (select json_build_object('pid', s.pid, 'name', coalesce(nullif(s.application_name, ''), s.usename::text, 'a session'),
            'ageMs', extract(epoch from clock_timestamp() - s.xact_start)::float8 * 1000)
          from pg_stat_activity s where s.xact_start is not null and s.pid <> pg_backend_pid() and s.datname = current_database()
            and s.backend_type = 'client backend' order by s.xact_start limit 1) as oldest
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1::text and c.relname = $2::text and c.relkind in ('r', 'm', 'p')`,
    [schema, table],
  )
  return row
}
