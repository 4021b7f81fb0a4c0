import { fileURLToPath } from 'node:url'
import { newId } from '../lib/core/ids.ts'
import { startProgram } from '../lib/infrastructure/testing/program.ts'
import { begin, expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { ENVIRONMENT, product, secrets } from './product/product.ts'
import { expect, test } from './product/test.ts'

test('a schedule: found in the list, run now, its failure seen, paused for a while, resumed, and moved', async ({
  as,
}) => {
  test.setTimeout(120_000)
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

    await begin(page, 'Change…')
    const change = page.getByRole('dialog', { name: 'Change when a schedule runs' })
    await change.getByLabel('Cron expression').fill('often')
    await expect(change.getByText(/"often" in .+ is not a schedule/).first()).toBeVisible()
    await change.getByLabel('Cron expression').fill('15 4 29 3 *')
    await change.getByLabel('Time zone').fill('Asia/Kolkata')
    await change.getByLabel('Reason').fill(reason)
    await expect(change.getByText(/^invoices will run at 04:15/)).toBeVisible()
    await expectAccessible(page, 'the form of a changed schedule')
    await expectFits(page, 'the form of a changed schedule')
    await change.getByRole('button', { name: 'Change it' }).click()
    await expect(sheet.getByText('15 4 29 3 *')).toBeVisible({ timeout: 20_000 })
    await expect(sheet.getByText('Declared: At 02:30')).toBeVisible()
    const dismiss = page.getByRole('button', { name: 'Dismiss' })
    await expect(async () => {
      if ((await dismiss.count()) > 0) await dismiss.first().click({ timeout: 1_000 })
      await expect(dismiss).toHaveCount(0, { timeout: 1_000 })
    }).toPass({ timeout: 20_000 })
    await sheet.getByRole('button', { name: 'Show older runs' }).click()
    await expect(sheet.getByText('All 1 that its process kept.')).toBeVisible()
    await begin(page, 'Restore')
    await expect(sheet.getByText('Declared: At 02:30')).toBeHidden({ timeout: 20_000 })
    await expectAudited(page, open, reason, /Pause/)
  } finally {
    await close()
  }
})
