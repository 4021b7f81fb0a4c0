import type { Locator, Page } from '@playwright/test'
import postgres from 'postgres'
import { confirm, expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { databaseUrl } from './product/product.ts'
import { apiUrl, expect, test } from './product/test.ts'

const TABLE = 'journey_stock'

const sessions: postgres.Sql[] = []
let admin: postgres.Sql

const connect = (application: string) => {
  const sql = postgres(databaseUrl('demo'), {
    max: 1,
    onnotice: () => {},
    connection: { application_name: application },
  })
  sessions.push(sql)
  return sql
}
const pidOf = async (sql: postgres.Sql) => Number((await sql`select pg_backend_pid() as pid`)[0]?.pid)

test.beforeAll(async () => {
  admin = postgres(databaseUrl('demo'), { max: 1, onnotice: () => {} })
  await admin.unsafe(`create table if not exists ${TABLE} (id int primary key, note text)`)
  await admin.unsafe(`insert into ${TABLE} select n, '' from generate_series(1, 9) n on conflict do nothing`)
})
test.afterEach(async () => {
  await Promise.all(sessions.splice(0).map(sql => sql.end({ timeout: 0 })))
})
test.afterAll(async () => {
  await admin.unsafe(`drop table if exists ${TABLE}`)
  await admin.end({ timeout: 1 })
})

/** A session that locks a row and goes on to nothing, and two that wait for it. */
async function blocked(row: number) {
  const holder = connect('journey-holder')
  const pid = await pidOf(holder)
  await holder.unsafe('begin')
  await holder.unsafe(`update ${TABLE} set note = 'ada@mail.example' where id = ${row}`)
  const waiters: { sql: postgres.Sql; ended: Promise<string> }[] = []
  // One after the other: the first is the first in line.
  for (const application of ['journey-first', 'journey-second']) {
    const sql = connect(application)
    const waiter = await pidOf(sql)
    const ended = sql.unsafe(`update ${TABLE} set note = 'seen' where id = ${row}`).then(
      () => 'done',
      (error: { code?: string }) => error.code ?? 'failed',
    )
    waiters.push({ sql, ended })
    await expect
      .poll(
        async () =>
          (await admin`select wait_event_type as waits from pg_stat_activity where pid = ${waiter}`)[0]?.waits,
      )
      .toBe('Lock')
  }
  return { pid, waiters }
}

const tree = (page: Page) => page.getByRole('list', { name: 'Who waits for whom' })
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })

test('from the list to a database, from tab to tab, each in its address', async ({ as }) => {
  const { page, open } = await as('viewer')
  await open('database')
  await page.getByRole('row').filter({ hasText: 'shop' }).getByRole('link').first().click()
  await expect(page).toHaveURL(/\/database\/shop$/)
  await expect(page.getByRole('heading', { level: 1, name: 'shop' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Server' })).toContainText(/Postgres \d+/)
  await expect(page.getByRole('region', { name: 'Connections' })).toContainText('checkout')
  await expect(page.getByRole('region', { name: 'Pools of the fleet' })).toContainText('checkout-1')
  const tabs = page.getByRole('navigation', { name: 'Of this database' })
  await tabs.getByRole('link', { name: 'Settings' }).click()
  await expect(page).toHaveURL(/\/database\/shop\/settings$/)
  await expect(tabs.getByRole('link', { name: 'Settings' })).toHaveAttribute('aria-current', 'page')
  await expect(page.getByText("ALTER SYSTEM SET idle_in_transaction_session_timeout = '5min';")).toBeVisible()
  await page.getByRole('searchbox', { name: 'Filter settings' }).fill('max_conn')
  await expect(page.getByRole('row').filter({ hasText: 'max_connections' })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'listen_addresses' })).toHaveCount(0)
})

test('a blocker leads the overview with the act beside it; ended after its preview, those who waited go on', async ({
  as,
}) => {
  const { page, open } = await as('operator')
  const { pid, waiters } = await blocked(1)
  const reason = `journey of pid ${pid}`
  await open('overview')
  // An index that another journey builds waits for it too.
  const item = page
    .getByRole('listitem')
    .filter({ hasText: new RegExp(`journey-holder \\(pid ${pid}\\) holds up [2-9] sessions of shop`) })
  await expect(item).toBeVisible({ timeout: 30_000 })
  await item.getByRole('link', { name: /^Terminate it/ }).click()
  await expect(page).toHaveURL(/\/database\/shop\/activity\?session=/)
  const terminate = dialog(page, 'Terminate a session')
  await expect(terminate).toBeVisible()
  await terminate.getByLabel('Reason').fill(reason)
  await expect(
    terminate.getByText(/Its transaction of \d+ s is rolled back, with whatever it has written/),
  ).toBeVisible()
  await expect(terminate.getByText(/journey-first \(pid \d+\), has waited \d+ s/)).toBeVisible()
  await expectAccessible(page, 'the preview of terminating')
  await terminate.getByLabel(/to confirm/).fill('shop')
  await confirm(terminate, /^Terminate, freeing [2-9] sessions/, `Terminated journey-holder (pid ${pid}) of shop`)
  expect(await Promise.all(waiters.map(({ ended }) => ended))).toEqual(['done', 'done'])
  expect(await admin.unsafe(`select note from ${TABLE} where id = 1`)).toEqual([{ note: 'seen' }])
  await expectAudited(page, open, reason, /Terminate a session/)
})

test('on a phone the tree says who waits for whom; a statement is cancelled there, and its connection stays', async ({
  as,
}) => {
  const { page, open } = await as('operator', { phone: true })
  const { pid, waiters } = await blocked(2)
  const first = waiters[0]
  if (!first) throw new Error('no one waits')
  await open('database/shop/activity')
  const holder = tree(page).getByRole('listitem').filter({ hasText: 'journey-holder' })
  await expect(holder).toContainText(/holds up [2-9], idle in transaction for/, { timeout: 15_000 })
  await expect(tree(page).getByRole('listitem').filter({ hasText: 'journey-first' })).toContainText(
    new RegExp(`has waited .* for a row of ${TABLE}|has waited .* for a row that another transaction changed`),
  )
  await expectAccessible(page, 'the tree')
  await expectFits(page, 'the tree')
  await tree(page).getByRole('listitem').filter({ hasText: 'journey-first' }).getByRole('link').click()
  const sheet = page.getByRole('dialog').filter({ hasText: 'Waits for' })
  await expect(sheet).toContainText(String(pid))
  await expectAccessible(page, 'a session')
  await expectFits(page, 'a session')
  await sheet.getByRole('button', { name: 'Cancel its statement…' }).click()
  const cancel = dialog(page, 'Cancel a statement')
  await confirm(cancel, 'Cancel the statement', /Cancelled the statement of journey-first/)
  expect(await first.ended).toBe('57014')
  expect(await first.sql.unsafe('select 1 as alive')).toEqual([{ alive: 1 }])
})

test('a viewer sees what sessions do without the values, and may end none; a pid alone ends nothing', async ({
  as,
}) => {
  const { page, api, open } = await as('viewer')
  const { pid } = await blocked(3)
  await open(`database/shop/activity?session=${pid}`)
  const sheet = page.getByRole('dialog').filter({ hasText: 'Wait for it' })
  await expect(sheet.getByRole('button', { name: /^Terminate/ })).toBeDisabled({ timeout: 15_000 })
  await expect(sheet).toContainText(`update ${TABLE} set note = '…' where id = ?`)
  await expect(page.locator('main')).not.toContainText('ada@mail.example')
  const input = { database: 'shop', pid, session: '1', reason: 'a journey' }
  const asked = { data: { input } }
  expect((await api.post(apiUrl('operations/database.terminate/preview'), asked)).status()).toBe(403)
  const operator = await as('operator')
  const answer = await operator.api.post(apiUrl('operations/database.terminate/preview'), asked)
  expect((await answer.json()).error).toMatchObject({ code: 'not_found', fields: { pid: 'has ended' } })
})

for (const width of [1440, 390])
  test(`a table is analyzed and vacuumed, its index built, rebuilt, dropped and brought back, at ${width} px`, async ({
    as,
  }) => {
    test.setTimeout(400_000)
    const table = `journey_acts_${width}`
    const index = `${table}_parent_idx`
    await admin.unsafe(`drop table if exists ${table};
      create table ${table} (id int primary key, parent int references ${table});
      insert into ${table} select n, n from generate_series(1, 5000) n; analyze ${table}`)
    const { page, open } = await as('admin', { phone: width === 390 })
    await open(`database/shop/tables?schema=public&table=${table}`)
    const sheet = page.getByRole('dialog').first()
    const carryOut = async (button: string, action: string, done: RegExp) => {
      await sheet.getByRole('button', { name: button, exact: true }).click()
      const shown = page.getByRole('dialog').last()
      await expect(shown.getByText(/SHARE UPDATE EXCLUSIVE/).first()).toBeVisible()
      await expectFits(page, `the preview of ${button}`)
      await shown.getByRole('button', { name: action, exact: true }).click()
      // It waits for every transaction that is older, also those of other journeys.
      await expect(shown.getByText(done)).toBeVisible({ timeout: 120_000 })
      return shown
    }
    const close = (shown: Locator) => shown.getByRole('button', { name: 'Close', exact: true }).last().click()
    const files = async () =>
      (await admin`select relfilenode as file from pg_class where oid = to_regclass(${index})`).map(({ file }) => file)

    // They block nothing and may be done again at any time, so that they ask nothing. A vacuum analyzes too.
    for (const [button, done] of [
      ['Analyze', /^Analyzed public/],
      ['Vacuum', /^Vacuumed public/],
    ] as const) {
      await sheet.getByRole('button', { name: button, exact: true }).click()
      await expect(page.getByText(done).first()).toBeVisible({ timeout: 120_000 })
    }
    const counts = async () =>
      (
        await admin`select analyze_count::int as analyzed, vacuum_count::int as vacuumed from pg_stat_user_tables where relname = ${table}`
      )[0]
    await expect.poll(counts).toEqual({ analyzed: 3, vacuumed: 1 })
    await expect(sheet.getByRole('region', { name: 'Growth' })).toBeVisible()

    await close(await carryOut('Create an index on parent…', 'Create the index', /^Built journey_acts/))
    const [built] = await files()
    await close(await carryOut(`Rebuild… ${index}`, 'Rebuild the index', /^Rebuilt journey_acts/))
    const [rebuilt] = await files()
    expect([typeof built, rebuilt === built]).toEqual(['number', false])
    const dropped = await carryOut(`Drop… ${index}`, 'Drop the index', /^Dropped journey_acts/)
    expect(await files()).toEqual([])
    await dropped.getByRole('button', { name: /^Undo/ }).click()
    await expect.poll(files, { timeout: 120_000 }).toHaveLength(1)
    await close(dropped)
    await expect(sheet.getByRole('button', { name: `Drop… ${index}`, exact: true })).toBeVisible()
    await expectFits(page, 'the sheet of a table')
    await expectAccessible(page, 'the sheet of a table')
    await admin.unsafe(`drop table ${table}`)
  })
