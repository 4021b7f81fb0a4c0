import postgres from 'postgres'
import { measure } from '../harness/program.ts'

/** The same figures as scripts often read them: the list, then a query for each table; statements with their texts. */
measure<{ databaseUrl: string }>(async ({ databaseUrl }) => {
  const sql = postgres(databaseUrl, { max: 3, onnotice: () => {} })
  await sql`select 1`
  const began = performance.now()
  const tables = await sql<{ relid: number }[]>`select relid::int8 as relid from pg_stat_user_tables`
  await Promise.all(
    tables.map(
      ({
        relid,
      }) => sql`select s.*, pg_total_relation_size(s.relid), (select count(*) from pg_indexes i where i.tablename = s.relname)
        from pg_stat_user_tables s where s.relid = ${relid}::int8::oid`,
    ),
  )
  const tablesMs = performance.now() - began
  const statementsBegan = performance.now()
  const statements = await sql`select * from pg_stat_statements order by total_exec_time desc`
  const statementsMs = performance.now() - statementsBegan
  await sql.end()
  return {
    value: Math.max(tablesMs, statementsMs),
    extra: { tablesFirst: tablesMs, queriesFirst: statementsMs, tables: tables.length, statements: statements.length },
  }
})
