import type { PostgresDatabase } from 'substation/database'

const VISITS = 100_000
const DAYS = 30

/**
 * Who looked at what in the last month. There is an index for the time and none for the customer, on purpose: a release of the worker asks for
 * a month of one customer's visits (worker/reminders.ts).
 */
export async function seedVisits(
  { sql }: PostgresDatabase,
  { customers, products }: { customers: number; products: number },
): Promise<void> {
  await sql`create table if not exists shop.visit (
    id bigint generated always as identity primary key,
    customer int not null,
    product int not null,
    at timestamptz not null
  )`
  await sql`create index if not exists visit_at on shop.visit (at)`
  await sql.begin(async transaction => {
    // Two that seed at once would make twice as many.
    await transaction`lock table shop.visit in share row exclusive mode`
    const [newest] = await transaction<{ recent: boolean | null }[]>`
      select max(at) > now() - interval '12 hours' as recent from shop.visit`
    if (newest?.recent) return
    await transaction`truncate shop.visit`
    await transaction`insert into shop.visit (customer, product, at)
      select 1 + i % ${customers}::int, 1 + i * 7 % ${products}::int, now() - i * ${DAYS}::int * interval '1 day' / ${VISITS}::int
      from generate_series(0, ${VISITS - 1}::int) i`
  })
  await sql`analyze shop.visit`
  // After the rows: a key that is there looks each of them up.
  await sql`alter table shop.visit drop constraint if exists visit_customer_fkey,
    add constraint visit_customer_fkey foreign key (customer) references shop.customer`
}
