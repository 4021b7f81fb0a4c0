import AxeBuilder from '@axe-core/playwright'
import { expect, PAGES, test } from './product/test.ts'

const ADDRESSES = [...PAGES, 'breakers?by=instance', 'breakers?breaker=payments-api', 'services?state=all&q=checkout']

for (const colorScheme of ['light', 'dark'] as const) {
  for (const phone of [false, true]) {
    test(`every page is accessible and fits: ${colorScheme}, ${phone ? '390' : '1440'} px`, async ({ as }) => {
      test.setTimeout(180_000)
      const { page, open } = await as('operator', { colorScheme, phone })
      const problems: string[] = []
      page.on('console', message => {
        if (message.type() === 'error') problems.push(`${page.url()}: ${message.text()}`)
      })
      page.on('pageerror', error => problems.push(`${page.url()}: ${error.message}`))
      for (const address of ADDRESSES) {
        await open(address)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await page.waitForLoadState('load')
        if (address.includes('breaker='))
          await expect(page.getByRole('dialog').getByRole('heading', { name: 'payments-api' })).toBeVisible()
        // A colour half way through a fade is nobody's to read.
        await page.evaluate(() =>
          Promise.all(
            document
              .getAnimations()
              .filter(animation => animation.effect?.getTiming().iterations !== Infinity)
              .map(animation => animation.finished.catch(() => {})),
          ),
        )
        const { violations } = await new AxeBuilder({ page }).analyze()
        expect(
          violations.map(({ id, nodes }) => `${address} ${id}: ${nodes.map(node => node.target.join(' ')).join('; ')}`),
        ).toEqual([])
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(overflow, `${address} scrolls sideways`).toBeLessThanOrEqual(0)
      }
      expect(problems).toEqual([])
    })
  }
}

test('the pages outside the console are accessible too', async ({ browser }) => {
  const { product, stateOf } = await import('./product/product.ts')
  const stranger = await browser.newContext({ storageState: stateOf('stranger') })
  const anonymous = await browser.newContext()
  for (const [context, path] of [
    [anonymous, '/sign-in'],
    [anonymous, '/sign-in?error=access_denied'],
    [stranger, '/denied'],
  ] as const) {
    const page = await context.newPage()
    await page.goto(`${product().url}${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id }) => `${path} ${id}`)).toEqual([])
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
