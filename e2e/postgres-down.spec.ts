import type { Page } from '@playwright/test'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { APART, databaseUrl, ENVIRONMENT, postgresServer, product } from './product/product.ts'
import { signIn } from './product/sign-in.ts'
import { anonymous, apiUrl, expect, test } from './product/test.ts'

const CAUSE =
  /Postgres( shop| reports)? (refuses connections|does not answer|did not answer|cannot be reached|is (shutting|starting)|ended)/
const QUEUE = 'bull:receipts.send'
const JOBS = `queues?server=fleet&queue=${QUEUE}&jobs=completed`

const address = (path: string) => `${product().url}/${ENVIRONMENT}/${path}`
const row = (text: RegExp) => (page: Page) => page.getByRole('row').filter({ hasText: text }).first()
/** Said by a part of the page. */
const shown = (what: string | RegExp) => (page: Page) =>
  page.locator('main').getByRole('status').filter({ hasText: what }).filter({ hasText: CAUSE }).first()
/** Said above the page, once it cannot be asked any more who looks. */
const late = (page: Page) => page.getByRole('complementary', { name: 'Live updates' }).filter({ hasText: CAUSE })

/** What is in Redis is shown, what is in Postgres is said to be out of reach, and nothing unknown is taken for nothing. */
const PLACES = [
  { path: 'metrics?range=6h', shows: shown('The record of figures'), never: 'Nothing has been measured' },
  { path: 'migrations', shows: shown('Postgres shop'), never: 'The folder is empty' },
  { path: 'database/shop', shows: shown('Postgres shop'), never: 'No database has this name' },
  { path: 'queues', shows: row(/receipts\.send/), never: /No queue|No BullMQ queue/ },
  { path: 'caches', shows: row(/catalogue.*%/s), never: /No cache|No process has registered/ },
] as const

/** The same of the data: status of each part by its path, and that what is in Redis is really there. */
const VIEWS: [string, Record<string, unknown>][] = [
  ['metrics', { figures: { status: 'down' }, marks: { status: 'down' }, services: { status: 'down' } }],
  ['running', { running: { status: 'down' }, recent: { status: 'down' }, overrides: { status: 'up' } }],
  ['audit', { audit: { status: 'down' } }],
  ['overview', { fleet: { status: 'up' }, events: { status: 'down' } }],
  ['database?name=shop', { database: { server: { status: expect.stringMatching(/stale|down/) } } }],
  ['database-activity?name=shop', { activity: { status: expect.stringMatching(/stale|down/) } }],
  ['queues', { queues: expect.arrayContaining([expect.objectContaining({ key: QUEUE, stale: false })]) }],
  ['caches', { caches: { status: 'up', data: { total: 4 } } }],
  [
    'redis',
    {
      servers: expect.arrayContaining([
        expect.objectContaining({ name: 'fleet', reading: expect.objectContaining({ status: 'up' }) }),
      ]),
    },
  ],
  [`queue?server=fleet&queue=${QUEUE}&state=completed`, { queue: { status: 'up' }, jobs: { status: 'up' } }],
]

test.afterEach(async () => {
  if (!postgresServer.alive()) await postgresServer.start()
  postgresServer.resume()
})

test('Postgres stopped: Redis is shown, what is in Postgres is said to be away, acts are refused, and all goes on without a reload', {
  tag: APART,
}, async ({ as, browser }) => {
  test.setTimeout(300_000)
  const { page: migrations, open } = await as('operator')
  const mine = migrations.context()
  const redis = new Redis(product().redisUrl)
  const contexts = await Promise.all([browser.newContext(), browser.newContext()])
  const [first, second] = contexts
  try {
    // Left open, as an operator at work would have them.
    await open('migrations')
    const [metrics, jobs, servers] = [await mine.newPage(), await mine.newPage(), await mine.newPage()]
    await Promise.all([
      metrics.goto(address('metrics?range=15m')),
      jobs.goto(address(JOBS)),
      servers.goto(address('redis')),
    ])
    await expect(migrations.getByText('0004_customer_language')).toBeVisible()
    await expect(metrics.locator('svg[data-drawn]').first()).toBeVisible({ timeout: 45_000 })
    await expect(jobs.getByRole('dialog').getByRole('listitem').first()).toBeVisible()
    const left = [migrations, metrics, jobs, servers]
    for (const page of left) await page.evaluate(() => Object.assign(window, { untouched: true }))

    // Opened within the time for which a session is believed without asking Postgres.
    const fresh = await Promise.all(
      PLACES.map(async (place, at) => ({ ...place, page: await (at % 2 ? first : second).newPage() })),
    )
    await Promise.all(contexts.map(context => signIn(context.request, product().url, 'operator')))
    await postgresServer.stop()
    const pause = { data: { input: { server: 'fleet', queue: QUEUE } } }
    const [refused] = await Promise.all([
      first.request.post(apiUrl('operations/queue.pause'), pause),
      // What was read within the second before is still given out.
      ...VIEWS.map(([view, known]) =>
        expect(async () => {
          const { data } = await (await first.request.get(apiUrl(`views/${view}`))).json()
          expect(data, view).toMatchObject(known)
        }).toPass({ timeout: 12_000, intervals: [200] }),
      ),
      ...fresh.map(({ page, path }) => page.goto(address(path), { waitUntil: 'commit' })),
    ])
    expect(refused.status()).toBe(503)
    expect((await refused.json()).error.message).toMatch(/it was not done: Postgres /)
    for (const { path, page, shows, never } of fresh) {
      await expect(shows(page), path).toBeVisible()
      await expect(page.locator('main').getByText(never), path).toHaveCount(0)
    }

    // Later no session is valid any more: what was there stays, greyed or dated, and nothing new opens.
    for (const page of left) await expect(late(page), page.url()).toBeVisible({ timeout: 40_000 })
    await expect(migrations.getByText('0004_customer_language')).toBeVisible()
    await expect(metrics.locator('svg[data-drawn]').first()).toBeVisible()
    await expect(row(/fleet.*MiB/s)(servers)).toBeVisible()
    await expect(jobs.getByRole('dialog').getByRole('listitem').first()).toBeVisible()
    await jobs.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click()
    const dialog = jobs.getByRole('dialog', { name: 'Pause a queue' })
    await expect(dialog.getByText(/Postgres .*Nothing was done/)).toBeVisible()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await redis.hget(`${QUEUE}:meta`, 'paused')).toBeNull()
    const stranded = await first.newPage()
    await stranded.goto(address('queues'))
    await expect(stranded).toHaveURL(/\/unavailable/)
    await expect(stranded.getByText(CAUSE)).toBeVisible()

    await postgresServer.start()
    await expect(stranded).toHaveURL(address('queues'), { timeout: 20_000 })
    for (const page of [...left, ...fresh.map(({ page }) => page)]) {
      await expect(late(page), page.url()).toHaveCount(0, { timeout: 30_000 })
      await expect(page.locator('main').getByText(CAUSE), page.url()).toHaveCount(0, { timeout: 30_000 })
    }
    for (const page of left)
      expect(await page.evaluate(() => (window as { untouched?: boolean }).untouched), page.url()).toBe(true)
    await jobs.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click()
    await expect.poll(() => redis.hget(`${QUEUE}:meta`, 'paused')).toBe('1')
    await jobs.getByRole('dialog').getByRole('button', { name: 'Resume', exact: true }).click()
    await expect.poll(() => redis.hget(`${QUEUE}:meta`, 'paused')).toBeNull()
    // Figures are sampled again: a console leads, and has written since.
    const since = Date.now()
    await expect
      .poll(
        async () => {
          const { data } = await (await mine.request.get(apiUrl('views/metrics?range=15m'))).json()
          return data.sampling.state.data?.newest ?? 0
        },
        { timeout: 40_000 },
      )
      .toBeGreaterThan(since)
  } finally {
    redis.disconnect()
    await Promise.all(contexts.map(context => context.close()))
  }
})

test('while the console’s own Postgres is down, signing in says so and does not blame the provider', {
  tag: APART,
}, async () => {
  const api = await anonymous()
  await postgresServer.stop()
  const page = await (await api.get(`${product().url}/sign-in`)).text()
  expect(page).toContain('Signing in is not possible now')
  expect(page).toContain('SUBSTATION_DATABASE_URL')
  const started = await api.get(`${product().url}/sign-in/start?provider=github`, { maxRedirects: 0 })
  expect(started.headers().location).toContain('error=store_unavailable')
  await postgresServer.start()
  await expect
    .poll(async () => (await (await api.get(`${product().url}/sign-in`)).text()).includes('is not possible now'), {
      timeout: 20_000,
    })
    .toBe(false)
  await api.dispose()
})

test('a watched database that hangs is reported on its page within seconds, the rest goes on, and it comes back afterwards', {
  tag: APART,
}, async ({ as }) => {
  const { page, api, open } = await as('admin')
  await open('migrations')
  const panel = page.getByRole('region', { name: 'shop' })
  await expect(panel.getByRole('button', { name: /Run \d+ pending/ })).toBeVisible()
  // Every session that reads its journal waits; the console's own database is on the same server, and goes on.
  const holder = postgres(databaseUrl('demo'), { max: 1, onnotice: () => {} })
  const held = await holder.reserve()
  try {
    await held`begin`
    await held`lock table substation_migrations.journal in access exclusive mode`
    await open('migrations')
    await expect(shown(/Postgres shop (as of|is down)/)(page)).toBeVisible({ timeout: 20_000 })
    await expect(panel.getByText('0004_customer_language')).toBeVisible()
    await expect(panel.getByRole('button', { name: /Run/ })).toHaveCount(0)
    const refused = await api.post(apiUrl('operations/migration.run/preview'), {
      data: { input: { database: 'shop' } },
    })
    expect(refused.status()).toBe(503)
    expect((await refused.json()).error.message).toContain('Nothing was done')
    const { data } = await (await api.get(apiUrl('views/audit'))).json()
    expect(data.audit.status).toBe('up')
  } finally {
    await held`rollback`
    held.release()
    await holder.end()
  }
  await expect(panel.getByRole('button', { name: /Run \d+ pending/ })).toBeVisible({ timeout: 15_000 })
})
