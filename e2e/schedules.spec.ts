import { fileURLToPath } from 'node:url'
import { newId } from '../lib/core/ids.ts'
import { startProgram } from '../lib/infrastructure/testing/program.ts'
import { begin, expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { ENVIRONMENT, product, secrets } from './product/product.ts'
import { expect, test } from './product/test.ts'

test('a schedule: found in the list, run now, its failure seen, paused for a while, and resumed', async ({ as }) => {
  const { page, open } = await as('operator', { phone: true })
  const service = `billing-${newId().toLowerCase()}`
  const { ask, close } = await startProgram(
    fileURLToPath(new URL('./programs/scheduled-service.ts', import.meta.url)),
    {
      args: [service],
      env: {
        SUBSTATION_REDIS_URL: product().redisUrl,
        SUBSTATION_ENVIRONMENT: ENVIRONMENT,
        SUBSTATION_FLEET_KEY: secrets().fleetKey,
      },
    },
  )
  try {
    await open(`schedules?q=${service}`)
    const words = page.getByText('At 02:30, on day 29 of the month, only in March').filter({ visible: true })
    await expect(words).toBeVisible({ timeout: 30_000 })
    await page.getByRole('link', { name: 'invoices' }).click()
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByText('30 2 29 3 *')).toBeVisible()

    await begin(page, 'Run now')
    await expect.poll(() => ask('runs')).toBe(1)
    await expect(sheet.getByText('the printer is out of paper')).toBeVisible({ timeout: 20_000 })
    await expect(sheet.getByText('Failing')).toBeVisible()
    await expectAccessible(page, 'a schedule that fails')
    await expectFits(page, 'a schedule that fails')

    await begin(page, 'Pause…')
    const dialog = page.getByRole('dialog', { name: 'Pause a schedule' })
    const reason = `journey ${service}`
    await dialog.getByLabel('Reason').fill(reason)
    await dialog.getByRole('button', { name: 'Pause it' }).click()
    await expect(page.getByText(`Paused invoices in ${service}-1.`)).toBeVisible()
    await expect(sheet.getByText(reason)).toBeVisible({ timeout: 20_000 })
    expect(await ask('paused')).toBe(true)
    await begin(page, 'Resume')
    await expect.poll(() => ask('paused')).toBe(false)
    await expect(sheet.getByRole('button', { name: 'Pause…' })).toBeVisible({ timeout: 20_000 })
    await expectAudited(page, open, reason, /Pause/)
  } finally {
    await close()
  }
})
