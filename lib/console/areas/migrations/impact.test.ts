import { expect, test } from 'vitest'
import { RefusalError } from '../../platform/refusal.ts'
import { actorOf } from '../../testing/open-test-console.ts'
import { shopConsole } from '../../testing/shop-console.ts'
import { migrationView } from './views/migration.ts'
import { migrationImpactView } from './views/migration-impact.ts'
import { migrationsView } from './views/migrations.ts'

const shop = shopConsole()
const admin = actorOf('admin')

const warningsOf = async (operation: string, input: object) =>
  (await shop.console.runner.preview(admin, shop.request(operation, input))).warnings
const refusalOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (error: unknown) => (error instanceof RefusalError ? error.refusal : Promise.reject(error)),
  )

test('before it runs: the table as it is now, who is in the way, and a safer way', async () => {
  await shop.act('migration.run', { createJournal: true, to: '0001_product' })
  await shop.rows`insert into product select generate_series(1, 1000)`
  await shop.rows`analyze product`
  await shop.write('0002_price', 'alter table product add constraint small check (id < 5000);')
  await shop.rows.begin(async reader => {
    await reader`set local application_name = 'reports'`
    await reader`select 1 from product limit 1`
    const warnings = await warningsOf('migration.run', {})
    expect(warnings).toEqual([
      expect.stringMatching(
        /^0002_price takes ACCESS EXCLUSIVE on public\.product \(\d[\d.]* KiB with its indexes, about 1,000 rows(, [\d.,]+ written a second)?; line 1\)\. Reads and writes wait while every row is read\.$/,
      ),
      expect.stringMatching(
        /^In the way of 0002_price now: reports \(pid \d+, idle in transaction, its transaction .* old\)\.$/,
      ),
      expect.stringMatching(/^Safer for line 1 of 0002_price: Add it NOT VALID/),
    ])
    const { data } = await shop.console.view(migrationImpactView, shop.environment, actorOf('viewer'), {
      database: 'shop',
      name: '0002_price',
    })
    expect(data.impact).toMatchObject({
      status: 'up',
      data: [
        {
          line: 1,
          locks: [{ table: 'public.product', work: 'scan', rows: 1_000 }],
          blockers: [{ application: 'reports' }],
        },
      ],
    })
  })
  const applied = await shop.console.view(migrationImpactView, shop.environment, admin, {
    database: 'shop',
    name: '0001_product',
  })
  expect(applied.data).toEqual({})
  expect(
    (await shop.console.view(migrationImpactView, shop.environment, admin, { database: 'none', name: 'x' })).data,
  ).toEqual({})
})

test('one that can never be run refuses itself: the preview says which are run, and those are', async () => {
  await shop.write('0003_begin', 'begin; select 1; commit')
  await shop.write('0004_after', 'create table after (id int)')
  const warnings = await warningsOf('migration.run', { createJournal: true })
  expect(warnings).toContainEqual(
    expect.stringMatching(
      /^0003_begin\.sql cannot be run: line 1 contains BEGIN.* It and the 1 migration after it are not run\.$/,
    ),
  )
  const run = await shop.act('migration.run', { createJournal: true })
  expect(run).toMatchObject({
    status: 'partial',
    summary: expect.stringMatching(/0003_begin\.sql cannot be run.* 0001_product, 0002_price stay applied\.$/),
  })
  expect(await shop.tables()).toEqual(['product'])
  expect(await refusalOf(shop.act('migration.run', {}))).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('0003_begin'),
  })
})

test('a value that is added to an enum and used in one file is foretold, and runs in one transaction', async () => {
  await shop.write('0003_mood', "create type mood as enum ('ok')")
  await shop.write('0004_low', "alter type mood add value 'low'; create table felt (m mood default 'low')")
  expect(await warningsOf('migration.run', { createJournal: true })).toContainEqual(
    expect.stringContaining("0004_low adds the value 'low' to mood in line 1 and seems to use it in line 1"),
  )
  const { data } = await shop.console.view(migrationView, shop.environment, admin, {
    database: 'shop',
    name: '0004_low',
  })
  expect(data.migration).toMatchObject({
    data: { row: { remarks: [expect.stringContaining('run all in one transaction')] } },
  })
  expect(await shop.act('migration.run', { createJournal: true, together: true })).toMatchObject({
    status: 'succeeded',
  })
  expect(await shop.tables()).toEqual(['felt', 'product'])
  await shop.write('0005_index', 'create index concurrently felt_m on felt (m)')
  expect(await refusalOf(shop.act('migration.run', { together: true }))).toMatchObject({
    code: 'conflict',
    fields: { together: 'is not possible with these' },
  })
})

test('trying leaves nothing, and says how long each would take and what would fail', async () => {
  const tried = await shop.act('migration.dry-run', {})
  expect(tried).toMatchObject({
    status: 'succeeded',
    summary: expect.stringMatching(
      /^2 migrations would run in shop\. Locks were held for .*; all of it was rolled back\.$/,
    ),
  })
  expect(tried.items.sample.find(({ key }) => key === '0002_price')).toMatchObject({
    status: 'done',
    message: expect.stringMatching(/^would take /),
  })
  expect(await shop.tables()).toEqual([])
  expect(await shop.state()).toMatchObject({ journal: { exists: false }, counts: { pending: 2 } })
  await shop.write('0002_price', 'alter table nowhere add x int')
  await shop.write('0003_index', 'create index concurrently i on product (id)')
  expect(await warningsOf('migration.dry-run', {})).toContainEqual(
    expect.stringContaining('0003_index cannot be tried'),
  )
  const failed = await shop.act('migration.dry-run', {})
  expect(failed).toMatchObject({
    status: 'failed',
    summary: expect.stringContaining('relation "nowhere" does not exist'),
  })
  expect(failed.items.sample.find(({ key }) => key === '0003_index')).toMatchObject({ status: 'skipped' })
  expect(await shop.tables()).toEqual([])
  await shop.act('migration.run', { createJournal: true, to: '0001_product' })
  expect(await refusalOf(shop.act('migration.dry-run', { to: '0001_product' }))).toMatchObject({
    message: 'Nothing is pending in shop up to 0001_product.',
  })
})

test('a baseline: what the database has already is recorded and not run, unless a table is missing', async () => {
  const input = { to: '0002_price', reason: 'made by another tool' }
  expect(await shop.act('migration.baseline', input)).toMatchObject({
    status: 'failed',
    summary: expect.stringMatching(/^product \(0001_product\) does not exist here.* Nothing was recorded\./),
  })
  await shop.rows`create table product (id int primary key, price int)`
  expect(await shop.act('migration.baseline', input)).toMatchObject({
    status: 'succeeded',
    summary: '2 migrations recorded as applied in shop; none was run.',
  })
  expect(await shop.state()).toMatchObject({
    counts: { applied: 2, pending: 0 },
    rows: [{ applied: { by: 'admin (baseline)' } }, {}],
  })
  expect(await refusalOf(shop.act('migration.baseline', input))).toMatchObject({ fields: { to: 'is applied' } })
  expect(await refusalOf(shop.act('migration.baseline', { ...input, to: 'none' }))).toMatchObject({
    fields: { to: 'does not exist' },
  })
  expect(
    await refusalOf(shop.console.runner.preview(actorOf('operator'), shop.request('migration.baseline', input))),
  ).toMatchObject({ code: 'forbidden' })
})

test('only drizzle-kit says what the schema should be: of others that is said to be unknown, not to be equal', async () => {
  const { data } = await shop.console.view(migrationsView, shop.environment, admin, {})
  expect(data.databases[0]?.drift).toMatchObject({
    status: 'up',
    data: { known: false, why: expect.stringContaining('drizzle-kit') },
  })
})

test('a run waits for a lock as long, and tries as often, as it was told', async () => {
  await shop.act('migration.run', { createJournal: true, to: '0001_product' })
  await shop.rows.begin(async holder => {
    await holder`lock table product in access share mode`
    const run = await shop.act('migration.run', { lockTimeoutSeconds: 0.1, lockAttempts: 1 })
    expect(run).toMatchObject({ status: 'failed', summary: expect.stringContaining('for longer than 0.1 s.') })
  })
})
