import type { Page } from '@playwright/test'
import { joinFleet } from '../lib/infrastructure/fleet/index.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { APART, ENVIRONMENT, PAYMENTS, payments, postgresServer, product } from './product/product.ts'
import { apiUrl, expect, test } from './product/test.ts'

test.describe.configure({ timeout: 150_000 })

test.afterEach(async () => {
  postgresServer.resume()
})

const chart = (page: Page, name: string) => page.getByRole('figure', { name, exact: true })
const drawing = (page: Page, name: string) => chart(page, name).locator('svg[data-drawn]').first()

/** What a figure of a service was in each step of the last minutes, oldest first. */
async function figure(api: { get(url: string): Promise<{ json(): Promise<unknown> }> }, service: string, name: string) {
  const reading = (await (await api.get(apiUrl(`views/metrics?range=15m&service=${service}`))).json()) as {
    data: { figures: { status: string; data?: { values: Record<string, (number | null)[]> } } }
  }
  return reading.data.figures.data?.values[name] ?? []
}

test('the page fills from what the demo does, and agrees with what the load generator sends', async ({ as }) => {
  const { page, api, open } = await as('viewer')
  // Six a second, as demo/load counts them out; three steps of ten seconds say it.
  await expect
    .poll(async () => (await figure(api, 'storefront', 'requests')).filter(value => value !== null).length, {
      timeout: 90_000,
    })
    .toBeGreaterThan(4)
  const measured = (await figure(api, 'storefront', 'requests')).filter(value => value !== null).slice(1)
  const mean = measured.reduce((sum, value) => sum + value, 0) / measured.length
  expect(mean).toBeGreaterThan(5.2)
  expect(mean).toBeLessThan(6.8)

  await open('metrics?range=15m&service=storefront')
  for (const name of ['Requests', 'Errors', 'Latency', 'Event loop delay', 'Memory', 'CPU'])
    await expect(drawing(page, name)).toBeVisible()
  await expect(chart(page, 'Latency')).toContainText(/p99\s*[\d.]+ m?s/)
  await open('services')
  const row = page.getByRole('row').filter({ hasText: 'storefront' }).first()
  await expect(row.getByRole('img', { name: /^Requests per second, last 15 minutes: [\d.]+ now/ })).toBeVisible()
})

test('range and zoom are in the address, and going back undoes a zoom', async ({ as }) => {
  const { page, open } = await as('viewer')
  await open('metrics')
  await expect(drawing(page, 'Requests')).toBeVisible()
  await page.getByRole('radio', { name: '15 min' }).click()
  await expect(page).toHaveURL(/range=15m/)
  const box = await drawing(page, 'Requests').boundingBox()
  if (!box) throw new Error('the chart has no place')
  await page.mouse.move(box.x + box.width * 0.8, box.y + 60)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.95, box.y + 60, { steps: 6 })
  await page.mouse.up()
  await expect(page).toHaveURL(/from=[^&]+&to=|to=[^&]+&from=/)
  const zoomed = page.url()
  await expect(page.getByRole('button', { name: /back to now/ })).toBeVisible()
  await page.getByRole('button', { name: 'Zoom out' }).click()
  await expect(page).not.toHaveURL(zoomed)
  await page.goBack()
  await expect(page).toHaveURL(zoomed)
  await page.goBack()
  await expect(page).toHaveURL(/range=15m/)
  // As a pager writes it: ms since the epoch.
  await open(`metrics?from=${Date.now() - 600_000}&to=${Date.now()}`)
  await expect(drawing(page, 'Requests')).toBeVisible()
  await open('metrics?from=yesterday')
  await expect(page.getByText('Part of this address was not understood')).toBeVisible()
})

test('a version that appears in a service is marked, and said in words', async ({ as }) => {
  const { page, open } = await as('viewer')
  const service = `ledger-${Date.now()}`
  const station = (version: string) =>
    joinFleet({ redisUrl: product().redisUrl, environment: ENVIRONMENT, service, instance: service, version })
  const first = station('1.0.0')
  await first.start()
  await open(`metrics?range=15m&service=${service}`)
  const shown = page.getByText(`${service} 1.1.0 was deployed, after 1.0.0`)
  // The sampler has to have seen the one before the other comes.
  await expect(chart(page, 'Memory')).toContainText(/MiB/, { timeout: 60_000 })
  await first.stop()
  const second = station('1.1.0')
  await second.start()
  await expect(shown).toBeVisible({ timeout: 60_000 })
  // Once for all charts, and through each of them where that is asked for.
  await expect(page.locator('[data-lane] [data-mark]')).not.toHaveCount(0)
  await expect(chart(page, 'Memory').locator('[data-event]')).toHaveCount(0)
  await page.getByRole('button', { name: 'Event lines' }).click()
  await expect(page).toHaveURL(/events=drawn/)
  await expect(chart(page, 'Memory').locator('[data-event]')).not.toHaveCount(0)
  await second.stop()
})

test('beside a finished act stands what it moved, before and after', { tag: PAYMENTS }, async ({ as }) => {
  const { page, api, open } = await as('operator')
  await payments('ok')
  const input = { breaker: 'payments-api', scope: { kind: 'fleet' }, state: 'open', reason: 'a journey', minutes: 2 }
  const { preview } = await (await api.post(apiUrl('operations/breaker.force/preview'), { data: { input } })).json()
  const answer = await api.post(apiUrl('operations/breaker.force'), { data: { input, token: preview.token } })
  const { run } = await answer.json()
  await open(`audit?run=${run.id}`)
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByRole('heading', { name: 'Before and after' })).toBeVisible()
  await expect(sheet.getByText(/Calls rejected per second/)).toBeVisible()
  // Shoppers go on ordering, so that calls are rejected; whether some were before hangs on the schedule of faults.
  const rejected = sheet.getByText(/before, 0?[\d.]*[1-9][\d.]* after$/)
  await expect(rejected.last()).toBeVisible({ timeout: 60_000 })
  const release = { breaker: 'payments-api', scope: { kind: 'fleet' } }
  const back = await (await api.post(apiUrl('operations/breaker.release/preview'), { data: { input: release } })).json()
  await api.post(apiUrl('operations/breaker.release'), { data: { input: release, token: back.preview.token } })
  await payments('schedule')
})

test('any registered metric is found by name and drawn; the figures are there as a table too', async ({ as }) => {
  const { page, open } = await as('viewer')
  await open('metrics?range=15m')
  await page.getByRole('searchbox', { name: 'Filter metrics' }).fill('http_request_seconds')
  await page.locator('a[href*="metric=http_request_seconds"]').click()
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByRole('figure', { name: 'Percentiles' }).locator('svg[data-drawn]').first()).toBeVisible()
  await expect(sheet.getByRole('row').filter({ hasText: 'GET /products/:id' })).toBeVisible()
  await open('metrics?range=15m&as=table')
  const table = page.getByRole('table', { name: 'Figures by time' })
  await expect(table.getByRole('columnheader', { name: 'Latency, p99' })).toBeVisible()
  expect(await table.getByRole('row').count()).toBeGreaterThan(5)
})

test('the values of all lines at one moment are reached by keyboard, and the scale is a switch', async ({ as }) => {
  const { page, open } = await as('viewer')
  await open('metrics?range=15m&service=storefront')
  const latency = page.getByRole('slider', { name: 'Time in Latency' })
  await latency.focus()
  await page.keyboard.press('End')
  await expect(latency).toHaveAttribute('aria-valuetext', /^\d\d:\d\d:\d\d: p50 .+, p95 .+, p99 .+/)
  const last = Number(await latency.getAttribute('aria-valuenow'))
  await page.keyboard.press('ArrowLeft')
  await expect(latency).toHaveAttribute('aria-valuenow', String(last - 1))
  // One crosshair for all of them.
  await expect(page.getByRole('slider', { name: 'Time in Memory' })).toHaveAttribute('aria-valuenow', String(last - 1))
  await page.keyboard.press('Escape')
  await expect(latency).toHaveAttribute('aria-valuenow', String(last))
  await page.getByRole('radio', { name: 'Log' }).click()
  await expect(page).toHaveURL(/scale=log/)
  await expect(drawing(page, 'Latency')).toBeVisible()
})

test('requests by route with their latency, by version and by process', async ({ as }) => {
  const { page, open } = await as('viewer')
  await open('metrics?range=15m&service=storefront')
  const row = (name: string | RegExp) => page.getByRole('row').filter({ hasText: name })
  await expect(row('GET /products/:id')).toContainText(/[\d.]+\/s.*\d m?s/, { timeout: 60_000 })
  await expect(chart(page, 'p95 latency by route').getByText('GET /products/:id')).toBeVisible()
  await page.getByRole('radio', { name: 'Process' }).click()
  await expect(page).toHaveURL(/by=process/)
  await expect(row('storefront-1')).toContainText(/[\d.]+\/s/)
  await page.getByRole('radio', { name: 'Version' }).click()
  await expect(page.getByRole('table', { name: 'Requests by version' }).getByRole('row')).not.toHaveCount(1)
})

test('on a phone the charts come before the events, and a finger shows the values where it is', async ({ as }) => {
  const { page, open } = await as('viewer', { phone: true })
  await open('metrics?range=15m')
  await expect(drawing(page, 'CPU')).toBeVisible()
  const top = async (name: string) => (await page.getByRole('heading', { name, exact: true }).boundingBox())?.y ?? 0
  expect((await drawing(page, 'CPU').boundingBox())?.y).toBeLessThan(await top('Events'))
  const memory = page.getByRole('slider', { name: 'Time in Memory' })
  const before = Number(await memory.getAttribute('aria-valuenow'))
  const box = await memory.boundingBox()
  if (!box) throw new Error('the chart has no place')
  await memory.tap({ position: { x: box.width * 0.6, y: box.height / 2 } })
  await expect.poll(async () => Number(await memory.getAttribute('aria-valuenow'))).toBeLessThan(before)
})

for (const phone of [false, true]) {
  test(`charts, table and sheet are accessible and fit at ${phone ? 390 : 1440} px`, async ({ as }) => {
    const { page, open } = await as('viewer', { phone, colorScheme: phone ? 'dark' : 'light' })
    const problems: string[] = []
    page.on('console', message => {
      if (message.type() === 'error') problems.push(message.text())
    })
    for (const address of ['metrics?range=15m', 'metrics?as=table&range=15m', 'metrics?metric=request_seconds']) {
      await open(address)
      if (!address.includes('as=')) await expect(page.locator('svg[data-drawn]').first()).toBeVisible()
      await expectAccessible(page, address)
      await expectFits(page, address)
    }
    expect(problems).toEqual([])
  })
}

test('Postgres hanging: what was drawn stays, greyed, with its age; it goes on afterwards', { tag: APART }, async ({
  as,
}) => {
  const { page, open } = await as('viewer')
  await open('metrics?range=15m')
  await expect(drawing(page, 'Requests')).toBeVisible({ timeout: 45_000 })
  postgresServer.pause()
  // By the part that could not be read or, once no session can be verified any more, above the page.
  const shown = page
    .getByRole('status')
    .or(page.getByRole('complementary', { name: 'Live updates' }))
    .filter({ hasText: /Postgres/ })
  await page.getByRole('radio', { name: '1 h' }).click()
  await expect(shown.first()).toBeVisible({ timeout: 15_000 })
  await expect(drawing(page, 'Requests')).toBeVisible()
  postgresServer.resume()
  await expect(shown).toHaveCount(0, { timeout: 40_000 })
})
