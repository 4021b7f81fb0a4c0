import { beforeAll, beforeEach, expect, vi } from 'vitest'
import { transactionsBench } from './transactions-bench.ts'

/** For the tests of a file: two accounts with 100 cents each, transactions on them, and an operator beside them. New for each test. */
export function accountsBench() {
  const bench = transactionsBench({ maxConnections: 3 })
  beforeAll(async () => {
    const { sql } = bench.operator
    await sql`create table account (id int primary key, cents int not null)`
    // Its check is made at the commit, and waits there for as long as the lock is held.
    await sql.unsafe(`
      create table slow (id int);
      create function hold() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(7); return null; end $$;
      create constraint trigger hold after insert on slow deferrable initially deferred for each row execute function hold();
      create table late (id int unique deferrable initially deferred)`)
  })
  beforeEach(async () => {
    await bench.operator.sql`truncate account, slow, late`
    await bench.operator.sql`insert into account values (1, 100), (2, 100)`
  })
  return Object.assign(bench, {
    cents: async () => (await bench.operator.sql`select cents from account order by id`).map(row => row.cents),
    take: (id: number, by: number) => bench.transactions.sql`update account set cents = cents - ${by} where id = ${id}`,
    backend: async () => Number((await bench.transactions.sql`select pg_backend_pid() as pid`)[0]?.pid),
    terminate: (pid: number) => bench.operator.sql`select pg_terminate_backend(${pid}, 5000)`,
    waitsForLock: (pid: number) =>
      vi.waitFor(async () => {
        const [row] = await bench.operator.sql`select wait_event_type as waits from pg_stat_activity where pid = ${pid}`
        expect(row?.waits).toBe('Lock')
      }),
  })
}
