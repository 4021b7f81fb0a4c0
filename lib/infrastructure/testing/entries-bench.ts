import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { beforeAll, beforeEach } from 'vitest'
import { transactionsBench } from './transactions-bench.ts'

export const entry = pgTable('entry', { id: integer().primaryKey(), name: text().notNull() })

/** For the tests of a file: transactions on a table of entries, empty for each test, and what hooks have rejected with. */
export function entriesBench() {
  const errors: unknown[] = []
  const bench = transactionsBench({ schema: { entry }, onError: error => errors.push(error) })
  beforeAll(async () => {
    await bench.operator.sql`create table entry (id int primary key, name text not null unique)`
  })
  beforeEach(async () => {
    errors.length = 0
    await bench.operator.sql`truncate entry`
  })
  return Object.assign(bench, {
    errors,
    add: (id: number) => bench.transactions.sql`insert into entry values (${id}, ${`name ${id}`})`,
    ids: async () => (await bench.database.sql`select id from entry order by id`).map(row => row.id),
  })
}
