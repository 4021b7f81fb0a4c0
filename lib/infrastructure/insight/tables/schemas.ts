/** Leaves out the catalogs and temporary tables; `n` is pg_namespace. */
export const USERS_SCHEMAS = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\\_temp%' and n.nspname not like 'pg\\_toast\\_temp%'`

/** The time of a timestamp in ms, as `name`. */
export const inMs = (timestamp: string, name: string) =>
  `(extract(epoch from ${timestamp})::float8 * 1000) as "${name}"`

/** Relations that nobody can read now, not even their size. */
export const LOCKED = `select l.relation from pg_locks l where l.mode = 'AccessExclusiveLock' and l.granted and l.relation is not null
  and l.database = (select oid from pg_database where datname = current_database())`
