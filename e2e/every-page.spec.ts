import { COLOUR_RULES, expectAccessible, expectFits } from './product/axe.ts'
import { apiUrl, expect, PAGES, test } from './product/test.ts'

// They change nothing, so they may run in parallel; the first two take longest.
test.describe.configure({ mode: 'parallel' })

const ADDRESSES = [
  ...PAGES,
  'breakers?by=instance',
  'breakers?breaker=payments-api',
  'breakers?breaker=payments-api&look=minute',
  'breakers?breaker=payments-api&look=history',
  'breakers?breaker=payments-api&look=what-if',
  'breakers/limits',
  'breakers/limits?policy=payments-api',
  'caches?cache=catalogue',
  'caches?cache=catalogue&key=product:7',
  'database/shop',
  'database/shop/activity',
  'database/shop/settings',
  'events?subscription=fulfilment',
  'messages/suppressions',
  'providers?set=mail',
  'schedules?schedule=own/worker/price-list',
  'services?state=all&q=checkout',
]

for (const phone of [false, true]) {
  test(`every page is accessible in both themes and fits: ${phone ? '390' : '1440'} px`, async ({ as }) => {
    test.setTimeout(420_000)
    const { page, open } = await as('operator', { phone })
    const problems: string[] = []
    page.on('console', message => {
      if (message.type() === 'error') problems.push(`${page.url()}: ${message.text()}`)
    })
    page.on('pageerror', error => problems.push(`${page.url()}: ${error.message}`))
    for (const address of ADDRESSES) {
      await page.emulateMedia({ colorScheme: 'light' })
      await open(address)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await page.waitForLoadState('load')
      const [, sheet] =
        /[?&](?:breaker|policy|set|cache|schedule|subscription)=(?:own\/worker\/)?([^&]+)/.exec(address) ?? []
      if (sheet) await expect(page.getByRole('dialog').getByRole('heading', { name: sheet }).first()).toBeVisible()
      await expectAccessible(page, `${address}, light`)
      await expectFits(page, address)
      await page.emulateMedia({ colorScheme: 'dark' })
      await expectAccessible(page, `${address}, dark`, COLOUR_RULES)
    }
    expect(problems).toEqual([])
  })
}

for (const phone of [false, true])
  test(`what opens above a page is accessible too: ${phone ? '390' : '1440'} px`, async ({ as }) => {
    test.setTimeout(90_000)
    const { page, api, open } = await as('operator', { colorScheme: phone ? 'dark' : 'light', phone })
    const { data } = await (await api.get(apiUrl('views/services'))).json()
    const id = data.services.data.processes[0].id
    await open(`services?process=${id}`)
    await expect(page.getByRole('dialog').getByRole('heading').first()).toBeVisible()
    await expectAccessible(page, 'a process')
    await expectFits(page, 'a process')

    await open('breakers?breaker=tax-service')
    await page.getByRole('button', { name: /^Force… in the whole fleet/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Force a breaker' })
    await expect(dialog.getByLabel('Reason')).toBeVisible()
    await expectAccessible(page, 'the form of an act')
    await dialog.getByLabel('Reason').fill('only looking at it')
    await expect(dialog.getByText(/will be held open/)).toBeVisible()
    await expectAccessible(page, 'the preview of an act')
    await expectFits(page, 'the preview of an act')

    await open('audit')
    // A key pressed before the page is hydrated is lost.
    await expect(async () => {
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('combobox')).toBeFocused({ timeout: 2_000 })
    }).toPass()
    await expectAccessible(page, 'the palette')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectAccessible(page, 'the help')
  })

test('the pages outside the console are accessible too', async ({ browser }) => {
  const { product, stateOf } = await import('./product/product.ts')
  const stranger = await browser.newContext({ storageState: stateOf('stranger') })
  const anonymous = await browser.newContext()
  for (const [context, path] of [
    [anonymous, '/sign-in'],
    [anonymous, '/sign-in?error=access_denied'],
    [anonymous, '/unavailable'],
    [stranger, '/denied'],
  ] as const) {
    const page = await context.newPage()
    await page.goto(`${product().url}${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectAccessible(page, path)
  }
  await stranger.close()
  await anonymous.close()
})

test('keyboard: search opens, a page is found and gone to, help explains, and a letter goes', async ({ as }) => {
  const { page, open } = await as('operator')
  await open('overview')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  // Keys mean something once the page's script has loaded.
  await expect(async () => {
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('combobox')).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await page.getByRole('combobox').fill('payments')
  await page
    .getByRole('option', { name: /payments-api/ })
    .first()
    .click()
  await expect(page).toHaveURL(/breakers\?breaker=payments-api/)
  await open('overview')
  await expect(async () => {
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toContainText(/keyboard/i, { timeout: 1_000 })
  }).toPass()
  await page.keyboard.press('Escape')
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(page).toHaveURL(/\/audit/)
})

test('a bad filter in an address is dropped and said, and the page stays', async ({ as }) => {
  const { page, open } = await as('viewer')
  await open('breakers?state=ajar&service=checkout')
  const notice = page.getByText('Part of this address was not understood and is left out')
  await expect(notice).toBeVisible()
  await expect(
    page.locator('main').getByRole('code').or(page.locator('main code')).filter({ hasText: 'state' }).first(),
  ).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'payments-api' })).toBeVisible()
})
