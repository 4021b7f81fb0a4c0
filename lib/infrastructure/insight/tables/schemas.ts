/** Leaves out the catalogs and temporary tables; `n` is pg_namespace. */
export const USERS_SCHEMAS = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\\_temp%' and n.nspname not like 'pg\\_toast\\_temp%'`

/** The time of a timestamp in ms, as `name`. */
export const inMs = (timestamp: string, name: string) =>
  `(extract(epoch from ${timestamp})::float8 * 1000) as "${name}"`
