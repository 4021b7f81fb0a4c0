import { expect, test } from './product/test.ts'

test('the list of databases leads to one with its tabs', async ({ as }) => {
  const { page, open } = await as('viewer')
  await open('database')
  await page.getByRole('row').filter({ hasText: 'shop' }).getByRole('link').first().click()
  await expect(page).toHaveURL(/\/database\/shop$/)
  await expect(page.getByRole('heading', { level: 1, name: 'shop' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Overview' }).last()).toHaveAttribute('aria-current', 'page')
  await expect(page.getByRole('region', { name: 'Server' })).toContainText(/Postgres \d+/)
})
