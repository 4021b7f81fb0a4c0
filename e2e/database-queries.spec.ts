import postgres from 'postgres'
import { act } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { databaseUrl } from './product/product.ts'
import { expect, test } from './product/test.ts'

test.describe.configure({ timeout: 120_000 })

const TABLES = 'database/shop/tables'
const QUERIES = 'database/shop/queries'

test('a table that lacks an index: found, built, dropped by undo', async ({ as }) => {
  const sql = postgres(databaseUrl('demo'), { max: 1, onnotice: () => {} })
  // A table of its own: others look at those of the shop.
  await sql.unsafe(`create table if not exists shop.parcel_note (id int primary key, customer int not null references shop.customer, note text);
    insert into shop.parcel_note select i, 1 + i % 80, 'n' from generate_series(1, 20000) i on conflict do nothing;
    analyze shop.parcel_note`)
  const { page, open, api } = await as('admin')
  // An act reads anew what pages show.
  await act(api, 'database.analyze', { database: 'shop', schema: 'shop', table: 'parcel_note' })
  await open(`${TABLES}?q=parcel_note`)
  await expect(page.getByRole('link', { name: 'Tables' })).toHaveAttribute('aria-current', 'page')
  await page.getByRole('row').filter({ hasText: 'parcel_note' }).getByRole('link').first().click()
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText(/No index finds the rows of parcel_note that refer to shop\.customer/)).toBeVisible()
  await expectAccessible(page, 'the sheet of a table')
  await sheet.getByRole('button', { name: 'Create an index on customer…' }).click()
  const dialog = page.getByRole('dialog').last()
  await expect(dialog.getByText('SHARE UPDATE EXCLUSIVE on shop.parcel_note')).toBeVisible()
  await expect(dialog.getByText('CREATE INDEX CONCURRENTLY "parcel_note_customer_idx"')).toBeVisible()
  await dialog.getByRole('button', { name: 'Create the index' }).click()
  await expect(dialog.getByText(/Built parcel_note_customer_idx on shop\.parcel_note/)).toBeVisible({ timeout: 60_000 })
  const valid = async () =>
    (
      await sql`select indisvalid as valid from pg_index where indexrelid = to_regclass('shop.parcel_note_customer_idx')`
    ).map(row => row.valid)
  expect(await valid()).toEqual([true])
  await dialog.getByRole('button', { name: /^Undo/ }).click()
  await expect.poll(valid, { timeout: 60_000 }).toEqual([])
  await sql`drop table shop.parcel_note`
  await sql.end()
})

test('a statement says who sends it, and its plan is there for those who may see it', async ({ as }) => {
  const { page, open } = await as('operator')
  await open(`${QUERIES}?q=shop.visit`)
  const row = page.getByRole('row').filter({ hasText: 'select product, max(at)' })
  await expect(row).toContainText('worker reminders', { timeout: 90_000 })
  await row.getByRole('link').first().click()
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText('Postgres keeps no percentiles of a statement.')).toBeVisible()
  await sheet.getByRole('button', { name: 'Show the plan' }).click()
  await expect(sheet.getByRole('region', { name: 'Plan' }).last()).toContainText('shop.visit')
  await expect(sheet.getByRole('button', { name: /Run and measure it/ })).toBeDisabled()
  await expectAccessible(page, 'the sheet of a query')
})

test('on a phone both tabs fit, and a viewer may act on nothing', async ({ as }) => {
  const { page, open } = await as('viewer', { phone: true, colorScheme: 'dark' })
  for (const [address, label] of [
    [TABLES, 'Tables of shop'],
    [QUERIES, 'Queries of shop'],
  ] as const) {
    await open(address)
    await expect(page.getByRole('table', { name: label })).toBeVisible()
    await expectFits(page, label)
    await expectAccessible(page, label)
  }
  await open(`${TABLES}?schema=shop&table=purchase`)
  await expect(page.getByRole('button', { name: 'Vacuum' })).toBeDisabled()
  await expectFits(page, 'the sheet of a table')
})
