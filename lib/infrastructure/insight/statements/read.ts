import type { Ask, Question } from '../port.ts'
import type { StatementCounts, StatementSnapshot, StatementsMissing } from './port.ts'

/** Reading all counts of thousands of statements costs the server some milliseconds: once a minute is enough. */
const FRESH_FOR = 60_000

export type StatementReading =
  | { available: true; snapshot: StatementSnapshot; missing?: StatementsMissing }
  | { available: false; missing: StatementsMissing }

/** The counts of every statement of this database, without their texts. */
export const statementsQuestion: Question<StatementReading> = {
  id: 'statements',
  freshFor: FRESH_FOR,
  answer: readStatements,
}

/** The texts of some statements by their ids, normalized: constants are `$1`, `$2`. Those that were dropped since, or are hidden, are left out. */
export function textsQuestion(queryIds: readonly string[]): Question<ReadonlyMap<string, string>> {
  return { id: `texts ${queryIds.join(' ')}`, freshFor: 600_000, answer: ask => readTexts(ask, queryIds, 'all') }
}

/** As `textsQuestion`, of those only that clients of the account which asks have sent. */
export function ownTextsQuestion(queryIds: readonly string[]): Question<ReadonlyMap<string, string>> {
  return { id: `own texts ${queryIds.join(' ')}`, freshFor: 600_000, answer: ask => readTexts(ask, queryIds, 'own') }
}

async function readStatements(ask: Ask): Promise<StatementReading> {
  const [extension] = await ask<{ schema: string | null; loaded: boolean; readsAll: boolean; account: string }>(`
    select (select quote_ident(n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace
        where e.extname = 'pg_stat_statements') as schema,
      coalesce(current_setting('pg_stat_statements.max', true), '') <> '' as loaded,
      pg_has_role('pg_read_all_stats', 'usage') as "readsAll", quote_ident(current_user) as account`)
  if (!extension?.loaded) return { available: false, missing: NOT_LOADED }
  if (extension.schema === null) return { available: false, missing: NOT_INSTALLED }
  const snapshot = await readSnapshot(ask, extension.schema)
  return extension.readsAll
    ? { available: true, snapshot }
    : { available: true, snapshot, missing: hiddenFrom(extension.account) }
}

const NOT_LOADED: StatementsMissing = {
  why: 'not-loaded',
  words: 'pg_stat_statements is not loaded by this server, so no statement is counted.',
  nextStep:
    "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'; -- with those already there; then restart Postgres",
}
const NOT_INSTALLED: StatementsMissing = {
  why: 'not-installed',
  words: 'pg_stat_statements is loaded by this server, but not installed in this database.',
  nextStep: 'CREATE EXTENSION pg_stat_statements;',
}
const hiddenFrom = (account: string): StatementsMissing => ({
  why: 'texts-hidden',
  words: 'This account sees the texts of its own statements only; those of others are counted without them.',
  nextStep: `GRANT pg_read_all_stats TO ${account};`,
})

async function readSnapshot(ask: Ask, schema: string): Promise<StatementSnapshot> {
  const info =
    ask.major >= 14
      ? `(select extract(epoch from stats_reset)::float8 * 1000 from ${schema}.pg_stat_statements_info) as "resetAt",
         (select dealloc::float8 from ${schema}.pg_stat_statements_info) as evictions`
      : `null::float8 as "resetAt", null::float8 as evictions`
  const [server] = await ask<{ at: number; resetAt: number | null; evictions: number | null; most: number }>(
    `select extract(epoch from clock_timestamp())::float8 * 1000 as at, current_setting('pg_stat_statements.max')::int as most, ${info}`,
  )
  const prefix = ask.major >= 13 ? '_exec' : ''
  const rows = await ask<StatementCounts>(`
    select s.queryid::text as "queryId", s.userid::text || '.' || s.queryid::text${ask.major >= 14 ? ` || case when s.toplevel then '' else '.inner' end` : ''} as id,
      coalesce(r.rolname::text, s.userid::text) as account, ${ask.major >= 14 ? 's.toplevel' : 'true'} as "topLevel",
      s.calls::float8, s.total${prefix}_time as "totalMs", s.mean${prefix}_time as "meanMs", s.stddev${prefix}_time as "deviationMs",
      s.max${prefix}_time as "maxMs", s.rows::float8, s.shared_blks_hit::float8 as "hitBlocks", s.shared_blks_read::float8 as "readBlocks",
      s.temp_blks_written::float8 as "tempBlocks", ${ask.major >= 13 ? 's.wal_bytes::float8' : '0::float8'} as "walBytes"
    from ${schema}.pg_stat_statements(false) s left join pg_roles r on r.oid = s.userid
    where s.dbid = (select oid from pg_database where datname = current_database()) and s.queryid is not null and s.calls > 0`)
  return {
    at: server?.at ?? 0,
    most: server?.most ?? 0,
    ...(server?.resetAt == null ? {} : { resetAt: server.resetAt }),
    ...(server?.evictions == null ? {} : { evictions: server.evictions }),
    kept: rows.length,
    statements: rows,
  }
}

export async function readTexts(
  ask: Ask,
  queryIds: readonly string[],
  of: 'all' | 'own',
): Promise<ReadonlyMap<string, string>> {
  const [extension] = await ask<{ schema: string }>(
    `select quote_ident(n.nspname) as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
     where e.extname = 'pg_stat_statements'`,
  )
  if (!extension || queryIds.length === 0) return new Map()
  // What this account explained for others is counted as its own, inside EXPLAIN; that does not make it so.
  const own =
    of === 'all'
      ? ''
      : `and userid = (select oid from pg_roles where rolname = current_user) and query !~* '^\\s*explain' ${ask.major >= 14 ? 'and toplevel' : ''}`
  // A statement that was explained is counted a second time, as one inside EXPLAIN and with its text.
  const rows = await ask<{ id: string; query: string }>(
    `select queryid::text as id, (array_agg(query order by query ~* '^\\s*explain', query))[1] as query from ${extension.schema}.pg_stat_statements(true)
     where queryid in (select x::int8 from json_array_elements_text($1::text::json) x)
       and dbid = (select oid from pg_database where datname = current_database()) and query <> '<insufficient privilege>' ${own}
     group by queryid`,
    [JSON.stringify(queryIds)],
  )
  return new Map(rows.map(({ id, query }) => [id, query]))
}
