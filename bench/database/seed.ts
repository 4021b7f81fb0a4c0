import postgres from 'postgres'

/** Tables with two indexes and a few rows each, and statements that are all different. */
export async function seedDatabase(
  url: string,
  { tables, statements }: { tables: number; statements: number },
): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await sql`create extension if not exists pg_stat_statements`
    // In steps: each table takes locks until its transaction ends.
    for (let from = 1; from <= tables; from += 250)
      await sql.unsafe(`do $$ begin
        for i in ${from}..${Math.min(tables, from + 249)} loop
          execute format('create table t%s (id int primary key, customer int, state text, at timestamptz)', i);
          execute format('create index on t%s (customer)', i);
          execute format('insert into t%s select n, n, ''open'', now() from generate_series(1, 20) n', i);
        end loop;
      end $$`)
    await sql`analyze`
    await sql`select pg_stat_statements_reset()`
    // Each names another column list, so that the server tells them apart.
    for (let from = 1; from <= statements; from += 500)
      await sql.unsafe(`do $$ begin
        for i in ${from}..${Math.min(statements, from + 499)} loop
          execute format('select id, customer, state from t%s where customer = 7 and state = ''open''', 1 + (i - 1) % ${tables});
        end loop;
      end $$`)
  } finally {
    await sql.end()
  }
}
