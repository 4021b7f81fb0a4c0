import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { APIRequestContext, Page } from '@playwright/test'
import postgres from 'postgres'
import type { Preview, Run } from '../lib/console/platform/operation/wire.ts'
import { finished } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { APART, databaseUrl, migrationsFolder } from './product/product.ts'
import { apiUrl, expect, test } from './product/test.ts'

const LAST_NEEDED = '0002_purchase_waiting'

test.describe.configure({ timeout: 120_000 })

let demo: postgres.Sql
const written: string[] = []

test.beforeAll(() => {
  demo = postgres(databaseUrl('demo'), { max: 2, onnotice: () => {} })
})
test.afterAll(() => demo.end({ timeout: 1 }))

// Whatever a journey has left, the next one finds what it expects: the demo's two pending migrations, and no files but its own.
test.afterEach(async ({ as }) => {
  const { api } = await as('admin')
  const { data } = await state(api)
  const late = data.rows.filter(row => row.applied && row.name > LAST_NEEDED)
  if (late.length > 0)
    await act(api, 'migration.roll-back', { to: LAST_NEEDED, reason: 'after a journey', despite: ['drifted'] })
  for (const file of written.splice(0)) rmSync(join(migrationsFolder(), file), { force: true })
})

function write(name: string, up: string, down = 'select 1') {
  writeFileSync(join(migrationsFolder(), `${name}.sql`), up)
  writeFileSync(join(migrationsFolder(), `${name}.down.sql`), down)
  written.push(`${name}.sql`, `${name}.down.sql`)
}

interface MigrationsState {
  status: string
  reason?: string
  data: { rows: { name: string; state: string; applied?: { by?: string } }[]; counts: Record<string, number> }
}
async function state(api: APIRequestContext): Promise<MigrationsState> {
  const { data } = await (await api.get(apiUrl('views/migrations'))).json()
  return data.databases[0].state
}

async function begin(api: APIRequestContext, operation: string, input: object): Promise<Run> {
  const asked = { input: { database: 'shop', ...input } }
  const previewed = await (await api.post(apiUrl(`operations/${operation}/preview`), { data: asked })).json()
  const { token } = previewed.preview as Preview
  const answer = await api.post(apiUrl(`operations/${operation}`), { data: { ...asked, token, typedName: 'shop' } })
  return (await answer.json()).run
}
const act = async (api: APIRequestContext, operation: string, input: object) =>
  finished(api, (await begin(api, operation, input)).id)

const columns = async () =>
  (
    await demo`select column_name from information_schema.columns where table_schema = 'shop' and table_name = 'customer'`
  ).map(row => row.column_name)
const panel = (page: Page) => page.getByRole('region', { name: 'shop' })
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })

async function confirm(page: Page, name: string, action: RegExp) {
  await dialog(page, name)
    .getByLabel(/to confirm/)
    .fill('shop')
  await dialog(page, name).getByRole('button', { name: action }).click()
}

test('two pending migrations are run and rolled back by hand; the demo goes on; each act is in the audit with its actor', async ({
  as,
}) => {
  const { page, api, open } = await as('admin')
  await open('migrations')
  await expect(panel(page).getByText('2 applied, 2 pending')).toBeVisible()
  await panel(page)
    .getByRole('button', { name: /Run 2 pending/ })
    .click()
  await expect(
    dialog(page, 'Run migrations').getByText('0004_customer_language takes ACCESS EXCLUSIVE on shop.customer'),
  ).toBeVisible()
  await dialog(page, 'Run migrations').getByText('0003_purchase_by_customer.sql').click()
  await expect(dialog(page, 'Run migrations').getByText('create index concurrently purchase_by_customer')).toBeVisible()
  await dialog(page, 'Run migrations')
    .getByLabel(/to confirm/)
    .fill('sho')
  await dialog(page, 'Run migrations').getByRole('button', { name: 'Run 2 migrations' }).click()
  await expect(dialog(page, 'Run migrations').getByText('That is not its name.')).toBeVisible()
  await dialog(page, 'Run migrations')
    .getByLabel(/to confirm/)
    .fill('shop')
  await dialog(page, 'Run migrations').getByRole('button', { name: 'Run 2 migrations' }).click()
  await expect(
    dialog(page, 'Run migrations').getByText('Applied 0003_purchase_by_customer, 0004_customer_language in shop.'),
  ).toBeVisible({ timeout: 20_000 })
  await expect(dialog(page, 'Run migrations').getByText(/NOTICE: \d+ customers are written to in nl/)).toBeVisible()
  expect(await columns()).toContain('language')
  expect(await demo`select indisvalid from pg_index where indexrelid = 'shop.purchase_by_customer'::regclass`).toEqual([
    { indisvalid: true },
  ])
  await dialog(page, 'Run migrations').getByRole('button', { name: 'Close' }).last().click()
  await expect(panel(page).getByText('4 applied')).toBeVisible()

  await panel(page)
    .getByRole('button', { name: /Roll back/ })
    .click()
  await dialog(page, 'Roll back migrations')
    .getByLabel('Roll back')
    .selectOption({ label: '2, down to and including 0003_purchase_by_customer' })
  await dialog(page, 'Roll back migrations').getByLabel('Reason').fill('a journey')
  await confirm(page, 'Roll back migrations', /^Roll back 2 migrations/)
  await expect(
    dialog(page, 'Roll back migrations').getByText(
      'Rolled back 0004_customer_language, 0003_purchase_by_customer in shop.',
    ),
  ).toBeVisible({ timeout: 20_000 })
  expect(await columns()).not.toContain('language')
  expect(await demo`select to_regclass('shop.purchase_by_customer') as gone`).toEqual([{ gone: null }])
  await expect
    .poll(
      async () =>
        (
          await demo`select count(*)::int as count from shop.purchase where created_at > now() - interval '10 seconds'`
        )[0]?.count,
      { timeout: 60_000 },
    )
    .toBeGreaterThan(0)

  const { data } = await (await api.get(apiUrl('views/audit?operation=migration.roll-back'))).json()
  expect(data.audit.data.rows[0]).toMatchObject({
    kind: 'act',
    outcome: 'succeeded',
    reason: 'a journey',
    actor: { name: 'Admin' },
  })
})

test('one that fails half way leaves nothing, says where, and wants attention', async ({ as }) => {
  const { page, api, open } = await as('admin')
  write('0005_half', 'create table shop.half (id int);\n\nselect nowhere;', 'drop table shop.half')
  const run = await act(api, 'migration.run', {})
  expect(run).toMatchObject({ status: 'partial', summary: expect.stringContaining('0005_half.sql line 3 failed') })
  expect(await demo`select to_regclass('shop.half') as half`).toEqual([{ half: null }])
  await open('migrations')
  await expect(panel(page).getByText('The last act failed')).toBeVisible()
  await expect(panel(page).getByText('4 applied, 1 pending')).toBeVisible()
  await open('overview')
  await expect(page.getByText('failed to migrate').first()).toBeVisible({ timeout: 20_000 })
  await open(`audit?run=${run.id}`)
  await expect(
    page
      .getByRole('dialog')
      .getByText(/It was rolled back/)
      .first(),
  ).toBeVisible()
})

test('a file that changed after it was applied is reported, and run past only with consent', async ({ as }) => {
  const { page, open } = await as('admin')
  const file = join(migrationsFolder(), `${LAST_NEEDED}.sql`)
  const text = readFileSync(file, 'utf8')
  try {
    writeFileSync(file, `${text}-- and something else\n`)
    await open('migrations?state=trouble')
    await expect(panel(page).locator('tr', { hasText: LAST_NEEDED })).toContainText('Drifted')
    await expect(panel(page).getByRole('button', { name: /Run 2 pending/ })).toBeVisible()
    await panel(page).locator('tr', { hasText: LAST_NEEDED }).getByRole('link').click()
    await expect(page.getByText('The file changed after it was applied')).toBeVisible()
    await open('migrations')
    await panel(page)
      .getByRole('button', { name: /Run 2 pending/ })
      .click()
    const run = dialog(page, 'Run migrations')
    await expect(run.getByText(/The file of 0002_purchase_waiting changed/)).toBeVisible()
    await run.getByLabel(/Go on although 1 file changed/).check()
    await expect(run.getByText('2 migrations will be run in shop')).toBeVisible()
  } finally {
    writeFileSync(file, text)
  }
})

test('before a migration runs: who is in the way, what it would lock, a try that leaves nothing; what is there already is recorded', async ({
  as,
}) => {
  const { page, api, open } = await as('admin')
  write(
    '0005_note',
    'alter table shop.purchase add constraint note_known check (id is not null);',
    'alter table shop.purchase drop constraint note_known;',
  )
  await demo.begin(async reader => {
    await reader`set local application_name = 'monthly report'`
    await reader`select 1 from shop.purchase limit 1`
    await open('migrations?database=shop&migration=0005_note')
    const now = page.getByRole('region', { name: 'Now' })
    await expect(now.getByText('monthly report')).toBeVisible()
    await expect(now.getByText('ACCESS EXCLUSIVE on')).toBeVisible()
    await expect(now.getByText('Reads and writes wait while every row is read.')).toBeVisible()
  })
  await page.getByRole('button', { name: 'Try up to this one' }).click()
  await expect(dialog(page, 'Try migrations').getByText('All locks are held until the rollback')).toBeVisible()
  await dialog(page, 'Try migrations')
    .getByRole('button', { name: /^Try \d migrations?$/ })
    .click()
  await expect(dialog(page, 'Try migrations').getByText(/would run in shop.*all of it was rolled back/)).toBeVisible({
    timeout: 20_000,
  })
  await dialog(page, 'Try migrations').getByRole('button', { name: 'Close' }).last().click()
  expect(await demo`select conname from pg_constraint where conname = 'note_known'`).toEqual([])
  expect((await state(api)).data.rows.find(row => row.name === '0005_note')).toMatchObject({ state: 'pending' })

  await act(api, 'migration.run', { to: '0004_customer_language' })
  await demo`alter table shop.purchase add constraint note_known check (id is not null)`
  await page.getByRole('button', { name: 'Record as applied…' }).click()
  await dialog(page, 'Record as applied').getByLabel('Reason').fill('made by hand')
  await confirm(page, 'Record as applied', /^Record 1 migration as applied/)
  await expect
    .poll(async () => (await state(api)).data.rows.find(row => row.name === '0005_note'))
    .toMatchObject({ state: 'applied', applied: { by: 'Admin (baseline)' } })
})

test('two operators at the same migration: one runs it with its output live, the other learns who does', async ({
  as,
}) => {
  const [first, second] = [await as('admin'), await as('admin')]
  write('0005_slow', "do $$ begin raise notice 'half of it'; end $$; select pg_sleep(6)")
  await first.open('migrations')
  await second.open('migrations')
  await expect(panel(second.page).getByRole('button', { name: /Run 3 pending/ })).toBeVisible()
  const run = await begin(first.api, 'migration.run', {})
  await expect(panel(first.page).getByText('NOTICE: half of it')).toBeVisible({ timeout: 20_000 })
  await expect(panel(first.page).getByText('Locked by substation-migrations Admin')).toBeVisible()
  await expect(panel(second.page).getByRole('button', { name: /pending/ })).toHaveCount(0)
  const refused = await second.api.post(apiUrl('operations/migration.run/preview'), {
    data: { input: { database: 'shop' } },
  })
  expect(refused.status()).toBe(409)
  expect((await refused.json()).error.message).toMatch(/being run by Admin \(pid \d+, for \d+ s\)\. Nothing was done\./)
  expect(await finished(first.api, run.id)).toMatchObject({ status: 'succeeded' })
  await expect(panel(second.page).getByText('5 applied')).toBeVisible({ timeout: 10_000 })
})

test('a viewer and an operator see everything and may run nothing', async ({ as }) => {
  for (const role of ['viewer', 'operator'] as const) {
    const { page, api, open } = await as(role)
    await open('migrations')
    const button = panel(page).getByRole('button', { name: /Run 2 pending/ })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveAccessibleDescription('needs the admin role')
    for (const operation of ['migration.run', 'migration.roll-back'])
      for (const path of [`operations/${operation}`, `operations/${operation}/preview`]) {
        const answer = await api.post(apiUrl(path), { data: { input: { database: 'shop', to: null, reason: 'none' } } })
        expect(answer.status(), `${role} ${path}`).toBe(403)
      }
  }
})

test('a database that takes no connections is shown as it was last seen, and comes back afterwards', {
  tag: APART,
}, async ({ as }) => {
  const { page, api, open } = await as('admin')
  await open('migrations')
  await expect(panel(page).getByText('2 applied, 2 pending')).toBeVisible()
  const admin = postgres(databaseUrl('postgres'), { max: 1, onnotice: () => {} })
  try {
    await admin`alter database demo allow_connections false`
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'demo'`
    await expect(panel(page).getByText(/Postgres shop as of/)).toBeVisible({ timeout: 20_000 })
    await expect(page.locator('[data-stale]').getByText('0004_customer_language')).toBeVisible()
    await expect(panel(page).getByRole('button', { name: /Run/ })).toHaveCount(0)
    const refused = await api.post(apiUrl('operations/migration.run/preview'), {
      data: { input: { database: 'shop' } },
    })
    expect(refused.status()).toBe(503)
    expect((await refused.json()).error.message).toContain('Nothing was done')
  } finally {
    await admin`alter database demo allow_connections true`
    await admin.end()
  }
  await expect(panel(page).getByRole('button', { name: /Run 2 pending/ })).toBeVisible({ timeout: 30_000 })
})

for (const phone of [false, true])
  test(`axe and room: ${phone ? '390' : '1440'} px`, async ({ as }) => {
    const { page, open } = await as('admin', { colorScheme: phone ? 'dark' : 'light', phone })
    for (const name of ['0004_customer_language', '0001_shop', '0009_none']) {
      await open(`migrations?database=demo&migration=${name}`)
      await expect(page.getByRole('dialog').getByRole('heading').first()).toBeVisible()
      await expect(
        page
          .getByRole('dialog')
          .getByText(/There is no|Rollback/)
          .first(),
      ).toBeVisible()
      await expectAccessible(page, name)
      await expectFits(page, name)
    }
    await open('migrations')
    await panel(page)
      .getByRole('button', { name: /Run 2 pending/ })
      .click()
    await expect(dialog(page, 'Run migrations').getByLabel(/to confirm/)).toBeVisible()
    await expectAccessible(page, 'the preview')
    await expectFits(page, 'the preview')
  })
