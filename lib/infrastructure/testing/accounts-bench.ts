import { afterAll, beforeAll, beforeEach, expect, vi } from 'vitest'
import {
  createDatabase,
  createTransactions,
  type DrizzleTransactions,
  type PostgresDatabase,
} from '../database/index.ts'
import { createDatabase as createTestDatabase } from './servers.ts'

/** For the tests of a file: two accounts with 100 cents each, transactions on them, and an operator beside them. New for each test. */
export function accountsBench() {
  let server: { url: string; drop(): Promise<void> }
  let database: PostgresDatabase
  let operator: PostgresDatabase
  let transactions: DrizzleTransactions
  beforeAll(async () => {
    server = await createTestDatabase()
    database = await createDatabase({ url: server.url, maxConnections: 3 })
    operator = await createDatabase({ url: server.url, maxConnections: 1 })
    transactions = await createTransactions(database)
    await operator.sql`create table account (id int primary key, cents int not null)`
    // Its check is made at the commit, and waits there for as long as the lock is held.
    await operator.sql.unsafe(`
      create table slow (id int);
      create function hold() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(7); return null; end $$;
      create constraint trigger hold after insert on slow deferrable initially deferred for each row execute function hold();
      create table late (id int unique deferrable initially deferred)`)
  })
  afterAll(async () => {
    await Promise.all([database.close({ timeoutMs: 100 }), operator.close()])
    await server.drop()
  })
  beforeEach(async () => {
    await operator.sql`truncate account, slow, late`
    await operator.sql`insert into account values (1, 100), (2, 100)`
  })
  return {
    get server() {
      return server
    },
    get database() {
      return database
    },
    get operator() {
      return operator
    },
    get transactions() {
      return transactions
    },
    cents: async () => (await operator.sql`select cents from account order by id`).map(row => row.cents),
    take: (id: number, by: number) => transactions.sql`update account set cents = cents - ${by} where id = ${id}`,
    backend: async () => Number((await transactions.sql`select pg_backend_pid() as pid`)[0]?.pid),
    terminate: (pid: number) => operator.sql`select pg_terminate_backend(${pid}, 5000)`,
    waitsForLock: (pid: number) =>
      vi.waitFor(async () => {
        const [row] = await operator.sql`select wait_event_type as waits from pg_stat_activity where pid = ${pid}`
        expect(row?.waits).toBe('Lock')
      }),
  }
}
