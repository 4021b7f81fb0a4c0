import { compare } from '../migration-state.ts'
import { type InvalidIndex, type LockOwner, MigrationError, type MigrationStatus } from '../port.ts'
import type { MigrationFolder } from '../sources/folder.ts'
import type { Connection } from './connection.ts'
import { type JournalPlace, lockKey, quoted, readJournal } from './journal.ts'

const OURS = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\\_temp%'`

/** The state of the database, read only. */
export async function inspect(
  connection: Connection,
  place: JournalPlace,
  { source, files, ignored, owns }: MigrationFolder,
  folder: string,
): Promise<MigrationStatus> {
  const about = await readAbout(connection, place)
  if (about.exists && !about.readable)
    throw new MigrationError(`The account ${about.account} may not read the journal ${place.schema}.${place.table}`, {
      code: 'MIGRATION_DENIED',
      nextStep: about.lacks.map(({ grant }) => grant).join(' '),
    })
  const written = about.exists ? await readJournal(connection, place) : []
  const rows = owns ? written.filter(row => owns(String(row.name))) : written
  const migrations = compare(files, rows)
  const touched = migrations.flatMap(({ state, file }) => (state === 'pending' && file ? file.up.statements : []))
  const tables = touched.flatMap(({ forecast }) =>
    (forecast?.locks ?? []).flatMap(({ table, mode }) => (table && mode !== 'rows' ? [table] : [])),
  )
  return {
    source,
    folder,
    journal: { schema: place.schema, table: place.table, exists: about.exists },
    migrations,
    ignored,
    ...(await lockIn(connection, place)),
    invalidIndexes: await invalidIndexes(connection),
    foreignTables: about.tables,
    pooled: connection.pooled,
    account: about.account,
    lacks: [...about.lacks, ...(await lackedOwnership(connection, tables, about.account))],
  }
}

async function readAbout(connection: Connection, { source, schema, table }: JournalPlace) {
  const { rows } = await connection.send(
    `select current_user as account, j.oid is not null as exists,
       coalesce(has_schema_privilege(s.oid, 'usage'), true) as usage,
       has_schema_privilege(s.oid, 'create') as may_create_table,
       has_database_privilege(current_database(), 'create') as may_create_schema,
       has_table_privilege(j.oid, 'select') as may_select,
       has_table_privilege(j.oid, 'insert') as may_insert,
       has_table_privilege(j.oid, 'delete') as may_delete,
       current_database() as database,
       (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and ${OURS} and c.oid is distinct from j.oid)::int as tables
     from (values (1)) as one
     left join pg_namespace s on s.nspname = $1
     left join pg_class j on j.relnamespace = s.oid and j.relname = $2 and j.relkind in ('r', 'p')`,
    [schema, table],
  )
  const row = rows[0] as Record<string, unknown>
  const account = String(row.account)
  const name = `${schema}.${table}`
  const lacks: MigrationStatus['lacks'] = []
  const want = (has: unknown, right: string, grant: string) => {
    if (has === false) lacks.push({ right, grant: `${grant} TO ${named(account)};` })
  }
  if (row.exists) {
    want(row.usage, `USAGE on schema ${schema}`, `GRANT USAGE ON SCHEMA ${named(schema)}`)
    const rights = ['select', 'insert', 'delete'].filter(right => row[`may_${right}`] === false)
    if (rights.length > 0)
      want(
        false,
        `${rights.join(', ').toUpperCase()} on the journal ${name}`,
        `GRANT SELECT, INSERT, DELETE ON ${named(schema)}.${named(table)}`,
      )
    // The id of drizzle's journal comes from a sequence.
    if (source === 'drizzle' && row.may_insert === false)
      want(false, `USAGE on the journal's sequence`, `GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${named(schema)}`)
  } else if (row.may_create_table === null)
    want(
      row.may_create_schema,
      `CREATE on database ${row.database}`,
      `GRANT CREATE ON DATABASE ${named(String(row.database))}`,
    )
  else want(row.may_create_table, `CREATE on schema ${schema}`, `GRANT USAGE, CREATE ON SCHEMA ${named(schema)}`)
  return {
    account,
    exists: row.exists === true,
    readable: row.usage === true && row.may_select === true,
    tables: Number(row.tables),
    lacks,
  }
}

/** Only its owner may alter or index a table; this needs membership in the owner's role, not a grant on the table. */
async function lackedOwnership(
  connection: Connection,
  names: readonly string[],
  account: string,
): Promise<MigrationStatus['lacks']> {
  if (names.length === 0) return []
  const { rows } = await connection.send(
    `select format('%I.%I', n.nspname, c.relname) as name, r.rolname as owner
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
     where c.relkind in ('r', 'p', 'm', 'v') and not pg_has_role(current_user, c.relowner, 'usage') and ${OURS}
       and (format('%I.%I', n.nspname, c.relname) in (select jsonb_array_elements_text($1::text::jsonb))
         or format('%s.%s', n.nspname, c.relname) in (select jsonb_array_elements_text($1::text::jsonb))
         or pg_table_is_visible(c.oid) and c.relname in (select jsonb_array_elements_text($1::text::jsonb))
         or pg_table_is_visible(c.oid) and format('%I', c.relname) in (select jsonb_array_elements_text($1::text::jsonb)))`,
    [JSON.stringify([...new Set(names)])],
  )
  return rows.map(row => ({
    right: `ownership of ${row.name}, which pending migrations change`,
    grant: `GRANT ${named(String(row.owner))} TO ${named(account)};`,
  }))
}

export async function lockIn(connection: Connection, place: JournalPlace): Promise<{ lock?: LockOwner }> {
  const [kind, key] = lockKey(place)
  const { rows } = await connection.send(
    `select l.pid, a.application_name, a.usename, host(a.client_addr) as address,
       (extract(epoch from a.backend_start) * 1000)::float8 as since
     from pg_locks l left join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.classid = $1::oid and l.objid = $2::oid and l.objsubid = 2
       and l.database = (select oid from pg_database where datname = current_database())`,
    [kind, key],
  )
  const [row] = rows
  if (!row) return {}
  return {
    lock: {
      pid: Number(row.pid),
      application: String(row.application_name ?? ''),
      ...(row.usename === null ? {} : { account: String(row.usename) }),
      ...(row.address === null ? {} : { address: String(row.address) }),
      ...(row.since === null ? {} : { since: Number(row.since) }),
    },
  }
}

/** Indexes that are INVALID, so that no query uses them. Those of partitioned tables are left out: there it means that partitions are missing. */
export async function invalidIndexes(connection: Connection): Promise<InvalidIndex[]> {
  const { rows } = await connection.send(
    `select n.nspname as schema, c.relname as name, t.relname as table,
       exists (select from pg_locks l where l.relation = i.indrelid and l.granted
         and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock')) as building
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
       join pg_namespace n on n.oid = c.relnamespace
     where not i.indisvalid and c.relkind = 'i' and ${OURS}
     order by 1, 2`,
  )
  return rows.map(row => ({
    schema: String(row.schema),
    name: String(row.name),
    table: String(row.table),
    building: row.building === true,
  }))
}

export interface Blockers {
  /** The pids of the sessions, to detect a change. */
  who: string
  message: string
}

/** The sessions that block this backend; undefined when there are none. */
export async function blockersOf(connection: Connection, pid: number): Promise<Blockers | undefined> {
  const { rows } = await connection.send(
    `select a.pid, a.application_name, a.usename, a.state,
       extract(epoch from clock_timestamp() - a.xact_start)::int as seconds
     from pg_stat_activity a where a.pid = any (pg_blocking_pids($1)) order by a.xact_start limit 3`,
    [pid],
  )
  if (rows.length === 0) return undefined
  const who = rows.map(
    row =>
      `${row.application_name || row.usename || 'a session'} (pid ${row.pid}${row.state ? `, ${row.state}` : ''}${row.seconds === null ? '' : `, its transaction ${row.seconds} s old`})`,
  )
  return { who: rows.map(row => row.pid).join(), message: `Waiting for a lock held by ${who.join(' and ')}` }
}

/** A name as it must be written in SQL. */
const named = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : quoted(name))
