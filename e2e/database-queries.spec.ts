import { readFile } from 'node:fs/promises'
import postgres from 'postgres'
import { act, expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { databaseUrl } from './product/product.ts'
import { expect, test } from './product/test.ts'

test.describe.configure({ timeout: 120_000 })

const TABLES = 'database/shop/tables'
const QUERIES = 'database/shop/queries'
const DATA = 'database/shop/data'

test('a table that lacks an index: found, built, dropped by undo', async ({ as }) => {
  // A build waits for every transaction that is older, also those of other journeys.
  test.setTimeout(300_000)
  const sql = postgres(databaseUrl('demo'), { max: 1, onnotice: () => {} })
  // A table of its own: others look at those of the shop.
  await sql.unsafe(`create table if not exists shop.parcel_note (id int primary key, customer int not null references shop.customer, note text);
    insert into shop.parcel_note select i, 1 + i % 80, 'n' from generate_series(1, 20000) i on conflict do nothing;
    analyze shop.parcel_note`)
  const { page, open, api } = await as('admin')
  // An act reads again what pages show.
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
  await expect(dialog.getByText(/Built parcel_note_customer_idx on shop\.parcel_note/)).toBeVisible({
    timeout: 120_000,
  })
  const valid = async () =>
    (
      await sql`select indisvalid as valid from pg_index where indexrelid = to_regclass('shop.parcel_note_customer_idx')`
    ).map(row => row.valid)
  expect(await valid()).toEqual([true])
  await dialog.getByRole('button', { name: /^Undo/ }).click()
  await expect.poll(valid, { timeout: 120_000 }).toEqual([])
  await sql`drop table shop.parcel_note`
  await sql.end()
})

test('a statement says who sends it, and its plan is there for those who may see it', async ({ as }) => {
  const { page, open } = await as('operator')
  await open(`${QUERIES}?q=shop.visit`)
  // The console's own EXPLAIN of it is a statement as well.
  const row = page.getByRole('row').filter({ hasText: 'select product, max(at)', hasNotText: 'explain (' })
  await expect(row).toContainText('worker reminders', { timeout: 90_000 })
  await row.getByRole('link').first().click()
  const sheet = page.getByRole('dialog')
  // The worker reports it about every half minute.
  await expect(sheet.getByText(/measured by \d+ process/)).toBeVisible({ timeout: 60_000 })
  await expect(sheet.getByText(/^p95 .*\d/).first()).toBeVisible()
  await sheet.getByRole('button', { name: 'Show the plan' }).click()
  await expect(sheet.getByRole('region', { name: 'Plan' }).last()).toContainText('shop.visit')
  await expect(sheet.getByRole('button', { name: /Run and measure it/ })).toBeDisabled()
  await expectAccessible(page, 'the sheet of a query')
})

test('rows are chosen, filtered and paged, their secrets masked, and each reading is in the audit', async ({ as }) => {
  const sql = postgres(databaseUrl('demo'), { max: 1, onnotice: () => {} })
  await sql.unsafe(`create table if not exists shop.gift_card (id int primary key, holder text, pin text, note text);
    insert into shop.gift_card select i, 'holder ' || i, '9' || i, 'paid by 4111 1111 1111 1111' from generate_series(1, 70) i on conflict do nothing`)
  const { page, open } = await as('admin')
  await open(DATA)
  await expect(page.getByRole('option', { name: 'shop.gift_card' })).toBeAttached({ timeout: 40_000 })
  await page.getByLabel('Table', { exact: true }).selectOption({ label: 'shop.gift_card' })
  const table = page.getByRole('table', { name: 'Rows of shop.gift_card' })
  await expect(table.getByRole('row')).toHaveCount(51)
  await expect(table.getByRole('row').nth(1)).toContainText('1holder 1[secret]paid by [secret]')
  await expectAccessible(page, 'rows of a table')
  await page.getByRole('button', { name: 'Next page' }).click()
  await expect(table.getByRole('row')).toHaveCount(21)
  await expect(page.getByRole('option', { name: 'pin (masked)' })).toBeDisabled()
  await page.getByLabel('Column').selectOption('holder')
  await page.getByLabel('Comparison').selectOption('contains')
  await page.getByLabel('Value').fill('R 6')
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await expect(table.getByRole('row')).toHaveCount(12)
  const file = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export as CSV' }).click()
  const text = await readFile(await (await file).path(), 'utf8')
  expect(text.split('\r\n')[1]).toBe('6,holder 6,[secret],paid by [secret]')
  await page.setViewportSize({ width: 390, height: 844 })
  await expectFits(page, 'rows of a table')
  await open('audit?operation=database-rows')
  await expect(page.getByText('Exported 11 rows of shop.gift_card.').first()).toBeVisible()
  await sql`drop table shop.gift_card`
  await sql.end()
})

test('a query is written, run, saved, found again, run with a value on a phone, deleted and brought back', async ({
  as,
}) => {
  const sql = postgres(databaseUrl('demo'), { max: 1, onnotice: () => {} })
  await sql.unsafe(`create table if not exists shop.voucher (id int primary key, holder text, pin text);
    insert into shop.voucher select i, 'holder ' || i % 3, '9' || i from generate_series(1, 30) i on conflict do nothing`)
  const name = `Vouchers of a holder ${Date.now()}`
  const desk = await as('admin')
  const editor = desk.page.getByRole('textbox', { name: 'SQL' })
  await desk.open(DATA)
  // Chosen before the page is hydrated, it is lost; and what it changes is the address first.
  await expect(async () => {
    await desk.page.getByRole('radio', { name: 'A query' }).click({ timeout: 2_000 })
    await expect(editor).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 30_000 })
  await editor.fill('select pin from shop.voucher')
  await desk.page.getByRole('button', { name: 'Run' }).click()
  await expect(desk.page.getByText('pin is masked, so it can be neither read nor compared.')).toBeVisible()
  await editor.fill('select * from shop.voucher where holder = :holder and id > :least order by id')
  await desk.page.getByLabel('Value of holder').fill('holder 1')
  await desk.page.getByLabel('Type of least').selectOption('number')
  await desk.page.getByLabel('Value of least').fill('9')
  await desk.page.getByRole('button', { name: 'Run' }).click()
  const rows = ({ page }: typeof desk) => page.getByRole('table', { name: 'Rows of the query' }).getByRole('row')
  await expect(rows(desk)).toHaveCount(8)
  await expect(rows(desk).nth(1)).toHaveText('10holder 1')
  await expectAccessible(desk.page, 'the result of a query')
  await desk.page.getByRole('button', { name: 'Save…' }).click()
  const saving = desk.page.getByRole('dialog', { name: 'Save a query' })
  await saving.getByLabel('Name').fill(name)
  await saving.getByRole('button', { name: 'Save the query' }).click()
  await expect(desk.page.getByRole('heading', { name })).toBeVisible()

  const phone = await as('admin', { phone: true })
  await phone.open(`${DATA}?show=query`)
  await phone.page.getByRole('button', { name }).click()
  await phone.page.getByLabel('Value of holder').fill('holder 2')
  await phone.page.getByLabel('Value of least').fill('25')
  await phone.page.getByRole('button', { name: 'Run' }).click()
  await expect(rows(phone)).toHaveCount(3)
  await expectFits(phone.page, 'a query with its result')
  await expectAccessible(phone.page, 'a query with its result')
  const file = phone.page.waitForEvent('download')
  await phone.page.getByRole('button', { name: 'Export as CSV' }).click()
  expect(await readFile(await (await file).path(), 'utf8')).toBe('id,holder\r\n26,holder 2\r\n29,holder 2\r\n')
  await phone.page.getByRole('button', { name: 'Delete…' }).click()
  const deleting = phone.page.getByRole('dialog', { name: 'Delete a saved query' })
  await deleting.getByRole('button', { name: 'Delete the query' }).click()
  await expect(desk.page.getByRole('list', { name: 'Saved queries' }).getByText(name)).toHaveCount(0)
  await phone.page.getByRole('button', { name: 'Undo' }).click()
  await expect(desk.page.getByRole('list', { name: 'Saved queries' }).getByText(name)).toBeVisible()
  await expectAudited(desk.page, desk.open, `Ran “${name}” (:holder, :least): exported 2 rows.`, /Rows of a query/)
  await sql`drop table shop.voucher`
  await sql.end()
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
  await open(DATA)
  await expect(page.getByText('Browsing rows needs the admin role')).toBeVisible()
  await open(`${TABLES}?schema=shop&table=purchase`)
  await expect(page.getByRole('button', { name: 'Vacuum' })).toBeDisabled()
  await expectFits(page, 'the sheet of a table')
})
