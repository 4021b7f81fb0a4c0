import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { sql as text } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgSchema,
  pgTable,
  primaryKey,
  serial,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrationBench } from '../../testing/migration-bench.ts'
import { createDatabase } from '../../testing/servers.ts'
import type { MigrationBench } from '../migrations.contract.ts'

const mood = pgEnum('mood', ['ok', 'low'])
const shop = pgSchema('shop')
const customer = shop.table('customer', {
  id: uuid().primaryKey().defaultRandom(),
  number: serial().notNull(),
  name: varchar({ length: 80 }).notNull().default('nobody'),
  mood: mood().default('ok'),
  isActive: boolean('is_active').notNull().default(true),
  since: timestamp({ withTimezone: true, precision: 3 }).notNull().defaultNow(),
  tags: varchar({ length: 20 }).array(),
})
const order = pgTable(
  'order',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity(),
    line: integer().notNull().default(1),
    customerId: uuid('customer_id').notNull(),
    total: numeric({ precision: 10, scale: 2 }).notNull().default('0'),
    double: integer().generatedAlwaysAs(text`line * 2`),
    note: jsonb().default({}),
  },
  table => [
    primaryKey({ columns: [table.id, table.line] }),
    foreignKey({ columns: [table.customerId], foreignColumns: [customer.id], name: 'order_customer' }).onDelete(
      'cascade',
    ),
    index('order_total').on(table.total.desc()),
    uniqueIndex('order_once').on(table.customerId, table.line).where(text`line > 0`),
    index('order_lower').on(text`lower(note::text)`),
    unique('order_line').on(table.line, table.customerId),
    check('order_positive', text`total >= 0`),
  ],
)
const schema = { mood, shop, customer, order }

let bench: MigrationBench
beforeEach(async () => {
  bench = await migrationBench('drizzle', await createDatabase())
  for (const statement of await generateMigration(generateDrizzleJson({}), generateDrizzleJson(schema)))
    await bench.sql.unsafe(statement)
})
afterEach(() => bench.close())

test('a database that drizzle-kit has made from a schema does not differ from it; other tables do not count', async () => {
  await bench.sql`create table theirs (id int)`
  expect(await (await bench.open()).drift({ snapshot: generateDrizzleJson(schema) })).toEqual({
    known: true,
    declaredIn: 'the schema',
    tables: 2,
    differences: [],
  })
})

test.for([
  ['alter table shop.customer drop column name', 'missing', 'Column name is not in shop.customer'],
  ['alter table shop.customer add column extra int', 'extra', 'Column extra of shop.customer is not declared'],
  [
    'alter table shop.customer alter column name type varchar(90)',
    'different',
    'Column name of shop.customer is character varying(90); declared is character varying(80)',
  ],
  [
    'alter table shop.customer alter column name drop not null',
    'different',
    'Column name of shop.customer may be null; declared is NOT NULL',
  ],
  [
    'alter table shop.customer alter column mood set not null',
    'different',
    'Column mood of shop.customer is NOT NULL, which is not declared',
  ],
  [
    "alter table shop.customer alter column name set default 'x'",
    'different',
    "Column name of shop.customer has the default 'x'; declared is the default 'nobody'",
  ],
  [
    'alter table shop.customer alter column is_active drop default',
    'different',
    'Column is_active of shop.customer has no default; declared is the default true',
  ],
  [
    'alter table "order" alter column id drop identity',
    'different',
    'Column id of public.order is not generated; declared is that it is an identity',
  ],
  [
    'alter table "order" alter column double drop expression',
    'different',
    'Column double of public.order is not generated; declared is that it is computed',
  ],
  ['drop index order_total', 'missing', 'Index order_total of public.order is not in the database'],
  ['create index more on shop.customer (name)', 'extra', 'Index more of shop.customer is not declared'],
  [
    'drop index order_once; create index order_once on "order" (line)',
    'different',
    'Index order_once of public.order is an index by btree on (line); declared is a unique index by btree on (customer_id, line) with a condition',
  ],
  [
    'alter table "order" drop constraint order_customer',
    'missing',
    'Foreign key order_customer of public.order is not in the database',
  ],
  [
    'alter table "order" drop constraint order_customer; alter table "order" add constraint order_customer foreign key (customer_id) references shop.customer',
    'different',
    'Foreign key order_customer of public.order is (customer_id) references shop.customer (id); declared is (customer_id) references shop.customer (id) on delete cascade',
  ],
  [
    'alter table "order" drop constraint order_line',
    'missing',
    'Unique constraint order_line of public.order is not in the database',
  ],
  [
    'alter table "order" add constraint alone unique (total)',
    'extra',
    'Unique constraint alone of public.order is not declared',
  ],
  [
    'alter table "order" drop constraint order_positive',
    'missing',
    'Check order_positive of public.order is not in the database',
  ],
  [
    'alter table "order" add constraint small check (total < 9)',
    'extra',
    'Check small of public.order is not declared',
  ],
  [
    'alter table "order" drop constraint order_id_line_pk',
    'different',
    'The primary key of public.order is (); declared is (id, line)',
  ],
  [
    "alter type mood add value 'high'",
    'different',
    "The enum public.mood has 'ok', 'low', 'high'; declared are 'ok', 'low'",
  ],
  ['drop table "order"', 'missing', 'The table public.order is not in the database'],
] as const)('%s is told', async ([statements, kind, words]) => {
  await bench.sql.unsafe(statements)
  const drift = await (await bench.open()).drift({ snapshot: generateDrizzleJson(schema) })
  expect(drift.known && drift.differences.map(({ kind: of, words: said }) => `${of}: ${said}`)).toEqual([
    `${kind}: ${words}`,
  ])
})

test('an enum that is gone is told', async () => {
  await bench.sql.unsafe(
    'alter table shop.customer alter column mood drop default; alter table shop.customer alter column mood type text; drop type mood',
  )
  const drift = await (await bench.open()).drift({ snapshot: generateDrizzleJson(schema) })
  expect(drift.known && drift.differences.map(({ words }) => words)).toContain(
    'The enum public.mood is not in the database',
  )
})

test("without a schema, drizzle-kit's snapshot of the last applied migration counts; without one, it says why nothing is known", async () => {
  const migrations = await bench.open()
  expect(await migrations.drift()).toEqual({ known: false, why: 'No migration is applied' })
  await bench.write('0000_shop', 'select 1')
  await bench.write('0001_later', 'select 1')
  await migrations.up({ by: 'ada', createJournal: true, to: '0000_shop' })
  expect(await migrations.drift()).toEqual({ known: false, why: 'There is no meta/0000_snapshot.json' })
  await mkdir(join(bench.folder, 'meta'), { recursive: true })
  const file = join(bench.folder, 'meta', '0000_snapshot.json')
  await writeFile(file, JSON.stringify({ version: '8', ddl: [] }))
  expect(await migrations.drift()).toEqual({
    known: false,
    why: expect.stringContaining('is not a snapshot of Postgres'),
  })
  await writeFile(file, JSON.stringify(generateDrizzleJson(schema)))
  await bench.sql`alter table shop.customer drop column tags`
  expect(await migrations.drift()).toMatchObject({
    known: true,
    declaredIn: 'meta/0000_snapshot.json',
    differences: [{ words: 'Column tags is not in shop.customer' }],
  })
  const numbered = await migrationBench('folder', await createDatabase())
  expect(await (await numbered.open()).drift()).toMatchObject({
    known: false,
    why: expect.stringContaining('Only drizzle-kit'),
  })
  await numbered.close()
})
