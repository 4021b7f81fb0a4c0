import { expect, test, vi } from 'vitest'
import { actorOf } from '../../../testing/open-test-console.ts'
import { refusalOf } from '../../../testing/outcomes.ts'
import { shopConsole } from '../../../testing/shop-console.ts'
import { tableView } from '../views/table.ts'
import { tablesView } from '../views/tables.ts'

const shop = shopConsole()
const viewer = actorOf('viewer')

async function seen(filters: Record<string, string> = {}) {
  const { data } = await shop.console.view(tablesView, shop.environment, viewer, { name: 'shop', ...filters })
  if (data.tables?.status !== 'up') throw new Error('tables are not known')
  return data.tables.data
}

async function table(name: string) {
  const { data } = await shop.console.view(tableView, shop.environment, viewer, {
    name: 'shop',
    schema: 'public',
    table: name,
  })
  if (data.table?.status !== 'up' || data.indexes?.status !== 'up') throw new Error('the table is not known')
  return { ...data.table.data, ...data.indexes.data, sequences: data.sequences }
}

const indexNames = async () =>
  (
    await shop.rows`select indexrelid::regclass::text as name from pg_index where indrelid = 'product'::regclass order by 1`
  ).map(({ name }) => name)

async function products() {
  await shop.rows`create table product (id serial primary key, name text, maker int)`
  await shop.rows`insert into product (name, maker) select 'p' || i, i % 500 from generate_series(1, 20000) i`
  await shop.rows`analyze product`
}

test('tables are listed with what is wrong first, narrowed and sorted', async () => {
  await products()
  await shop.rows`create table empty (id int primary key)`
  await shop.rows`create table maker (id int primary key)`
  await shop.rows`insert into maker select generate_series(0, 500)`
  await shop.rows`alter table product add foreign key (maker) references maker`
  const { rows, total, counts } = await seen()
  expect([total, counts.all, counts.unindexed]).toEqual([3, 3, 1])
  expect(rows[0]).toMatchObject({
    id: 'public.product',
    rows: 20_000,
    indexes: 1,
    findings: [{ severity: 'note', words: expect.stringContaining('No index finds the rows of product') }],
  })
  expect(rows[0]?.totalBytes).toBe((rows[0]?.tableBytes ?? 0) + (rows[0]?.indexBytes ?? 0))
  expect((await seen({ q: 'EMP' })).rows.map(({ name }) => name)).toEqual(['empty'])
  expect((await seen({ state: 'unindexed' })).rows.map(({ name }) => name)).toEqual(['product'])
  expect((await seen({ sort: 'name' })).rows.map(({ name }) => name)).toEqual(['empty', 'maker', 'product'])
  expect((await seen({ sort: 'name', dir: 'desc' })).rows.map(({ name }) => name)).toEqual([
    'product',
    'maker',
    'empty',
  ])
  expect((await seen({ sort: 'size' })).rows[0]?.name).toBe('product')
  const { data } = await shop.console.view(tablesView, shop.environment, viewer, { name: 'nobody' })
  expect(data).toEqual({ missing: [] })
})

test('an index is built, its plan compared, seen by the page, and dropped by undo', async () => {
  await products()
  await shop.rows`create extension pg_stat_statements`
  await shop.rows.unsafe('select id as for_the_index from product where maker = $1', [7])
  const [{ id: statement } = {}] =
    await shop.rows`select queryid::text as id from pg_stat_statements where query like '%for_the_index%' and query not like '%pg_stat%' and dbid = (select oid from pg_database where datname = current_database())`
  expect(statement).toBeDefined()
  const input = { schema: 'public', table: 'product', columns: ['maker'], statement }
  const preview = await shop.console.runner.preview(actorOf('admin'), shop.request('database.create-index', input))
  expect(preview).toMatchObject({
    confirmation: 'preview',
    affected: { count: 20_000, noun: 'rows to index' },
    texts: [{ text: 'CREATE INDEX CONCURRENTLY "product_maker_idx" ON "public"."product" ("maker")' }],
    warnings: expect.arrayContaining([
      expect.stringContaining('SHARE UPDATE EXCLUSIVE on public.product'),
      expect.stringMatching(/plan costs [\d,]+ now\. It would find 40 rows/),
    ]),
  })
  const run = await shop.act('database.create-index', input)
  expect(run).toMatchObject({
    status: 'succeeded',
    summary: expect.stringMatching(
      /^Built product_maker_idx on public\.product\. The plan of the statement uses it now: its cost fell from [\d,]+ to [\d,]+\.$/,
    ),
  })
  expect((await table('product')).indexes.map(({ name }) => name).sort()).toEqual(['product_maker_idx', 'product_pkey'])
  expect(await refusalOf(shop.act('database.create-index', input))).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('product_maker_idx (maker) already answers'),
  })
  const undone = await shop.console.runner.undo(actorOf('admin'), shop.environment, run.id)
  expect(await shop.over(undone.id)).toMatchObject({ status: 'succeeded', summary: 'Dropped product_maker_idx again.' })
  expect(await indexNames()).toEqual(['product_pkey'])
})

test('an index is dropped, and built again by undo from its kept definition', async () => {
  await products()
  await shop.rows`create index product_named on product (lower(name)) where maker > 5`
  const run = await shop.act('database.drop-index', { schema: 'public', index: 'product_named' })
  expect(run).toMatchObject({ status: 'succeeded', summary: 'Dropped product_named in shop.' })
  expect(run.items.sample.map(({ key }) => key)).toContain(
    'CREATE INDEX product_named ON public.product USING btree (lower(name)) WHERE (maker > 5)',
  )
  expect(await indexNames()).toEqual(['product_pkey'])
  const undone = await shop.console.runner.undo(actorOf('admin'), shop.environment, run.id)
  expect(await shop.over(undone.id)).toMatchObject({ status: 'succeeded' })
  const [index] =
    await shop.rows`select pg_get_indexdef('product_named'::regclass) as definition, indisvalid as valid from pg_index where indexrelid = 'product_named'::regclass`
  expect(index).toEqual({
    definition: 'CREATE INDEX product_named ON public.product USING btree (lower(name)) WHERE (maker > 5)',
    valid: true,
  })
})

test('what backs a constraint is not dropped, and what is not there is not touched', async () => {
  await products()
  const act = (operation: string, input: object) => refusalOf(shop.act(operation, input))
  expect(await act('database.drop-index', { schema: 'public', index: 'product_pkey' })).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('backs the constraint product_pkey'),
  })
  expect(await act('database.drop-index', { schema: 'public', index: 'none' })).toMatchObject({
    code: 'not_found',
    fields: { index: 'does not exist' },
  })
  expect(await act('database.vacuum', { schema: 'public', table: 'none' })).toMatchObject({
    code: 'not_found',
    fields: { table: 'does not exist' },
  })
  expect(await act('database.create-index', { schema: 'public', table: 'product', columns: ['price'] })).toMatchObject({
    fields: { columns: 'must be columns of the table' },
  })
  expect(await act('database.analyze', { database: 'nobody', schema: 'public', table: 'product' })).toMatchObject({
    fields: { database: 'is not watched' },
  })
  await shop.rows`create table parted (id int) partition by range (id)`
  expect(await act('database.create-index', { schema: 'public', table: 'parted', columns: ['id'] })).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('partitioned'),
  })
  await shop.rows`create index parted_id on parted (id)`
  expect(await act('database.drop-index', { schema: 'public', index: 'parted_id' })).toMatchObject({
    message: expect.stringContaining('partitioned'),
  })
  expect(await indexNames()).toEqual(['product_pkey'])
})

test('a table is vacuumed and analyzed, and an index rebuilt', async () => {
  await products()
  await shop.rows`delete from product where id % 2 = 0`
  expect(await shop.act('database.vacuum', { schema: 'public', table: 'product' })).toMatchObject({
    status: 'succeeded',
    summary: 'Vacuumed public.product in shop.',
  })
  const found = (await table('product')).table
  expect(found?.state).toMatchObject({ deadRows: 0, vacuumedAt: expect.any(Number) })
  expect(await shop.act('database.analyze', { schema: 'public', table: 'product' })).toMatchObject({
    status: 'succeeded',
  })
  expect(await shop.act('database.reindex', { schema: 'public', index: 'product_pkey' })).toMatchObject({
    status: 'succeeded',
    summary: expect.stringMatching(/^Rebuilt product_pkey in shop: .* before, .* now\.$/),
  })
})

test('a build that waits too long fails in words and leaves nothing INVALID', async () => {
  await products()
  const older = await shop.rows.reserve()
  await older`begin isolation level repeatable read`
  await older`select count(*) from product`
  const input = { schema: 'public', table: 'product', columns: ['maker'], waitSeconds: 1 }
  const preview = shop.act('database.create-index', input)
  // The leftover is dropped once that transaction has ended.
  await vi.waitFor(
    async () =>
      expect(
        await shop.rows`select from pg_stat_activity where query like 'drop index concurrently%' and wait_event_type = 'Lock' and datname = current_database()`,
      ).toHaveLength(1),
    { timeout: 10_000 },
  )
  await older`rollback`
  older.release()
  const run = await preview
  expect(run).toMatchObject({
    status: 'failed',
    summary: expect.stringMatching(/^Building product_maker_idx failed: another session held a lock/),
  })
  expect(run.items.sample.map(({ key }) => key)).toContain('dropped product_maker_idx')
  expect(await indexNames()).toEqual(['product_pkey'])
})

test('a rebuild of an index whose rows no longer agree fails, and keeps the index', async () => {
  await products()
  await shop.rows`create table code (id int)`
  await shop.rows`insert into code values (1), (1)`
  await expect(shop.rows`create unique index concurrently code_id on code (id)`).rejects.toThrow()
  const found = (await table('code')).indexes
  expect(found).toMatchObject([{ name: 'code_id', valid: false, finding: { kind: 'invalid' } }])
  const run = await shop.act('database.reindex', { schema: 'public', index: 'code_id' })
  expect(run).toMatchObject({ status: 'failed', summary: expect.stringContaining('Rebuilding code_id failed') })
  expect((await table('code')).indexes).toMatchObject([{ name: 'code_id', valid: false }])
})

test('the rights are those of the account that acts', async () => {
  await products()
  const role = `watcher_${process.pid}_${Date.now()}`
  await shop.rows.unsafe(`create role ${role} login password 'x'; grant usage on schema public to ${role}`)
  const [database] = shop.settings.environments[0]?.databases ?? []
  if (!database?.migrations) throw new Error('the test console watches no database')
  const owner = database.url
  const other = Object.assign(new URL(owner), { username: role, password: 'x' }).href
  database.url = other
  await shop.reopen()
  expect(await shop.act('database.analyze', { schema: 'public', table: 'product' })).toMatchObject({
    status: 'succeeded',
  })
  Object.assign(database, { url: owner, migrations: { ...database.migrations, url: other } })
  await shop.reopen()
  expect(await refusalOf(shop.act('database.analyze', { schema: 'public', table: 'product' }))).toMatchObject({
    code: 'forbidden',
    nextStep: `GRANT postgres TO ${role};`,
  })
  await shop.console.close()
  await shop.rows.unsafe(`drop owned by ${role}; drop role ${role}`)
  await shop.open()
})
