import { Redis } from 'ioredis'
import { startQueueProgram } from '../lib/infrastructure/testing/bullmq-program.ts'
import { product } from './product/product.ts'
import { expect, test } from './product/test.ts'

test('j walks through what needs attention, Enter opens it, and Esc gives the focus back to the row it was on', async ({
  as,
}) => {
  const { page, open } = await as('operator')
  const station = await startQueueProgram(6, { url: product().redisUrl, prefix: 'bull', name: 'by-keyboard' })
  try {
    await station.ask('add', { jobs: [{ name: 'letter', data: { fail: 'mail answered 503' } }] })
    await station.ask('work')
    await expect.poll(async () => (await station.ask<Record<string, number>>('counts')).failed).toBe(1)
    await station.ask('rest')
    await open('overview')
    const first = page.getByRole('region', { name: 'Needs attention' }).getByRole('link').first()
    await expect(first).toBeVisible()
    await expect(async () => {
      await page.keyboard.press('j')
      await expect(first).toBeFocused({ timeout: 1_000 })
    }).toPass()

    await open('queues?q=by-keyboard')
    const row = page.getByRole('row').filter({ hasText: 'by-keyboard' }).getByRole('link').first()
    await row.focus()
    await page.keyboard.press('Enter')
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByRole('button', { name: 'Replay dead letters…' })).toBeVisible()
    // The acts come before the lists: a few tabs, not a hundred.
    const replay = sheet.getByRole('button', { name: 'Replay dead letters…' })
    let tabs = 0
    for (; tabs < 6 && !(await replay.evaluate(button => button === document.activeElement)); tabs++)
      await page.keyboard.press('Tab')
    await expect(replay).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog', { name: 'Replay dead letters' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(replay).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(row).toBeFocused()
  } finally {
    await station.close()
    const redis = new Redis(product().redisUrl)
    await redis.unlink(...(await redis.keys('bull:by-keyboard:*')))
    redis.disconnect()
  }
})

test('the palette puts a thing before operations that match no better, and takes an act with its target', async ({
  as,
}) => {
  const { page, open } = await as('operator')
  await open('audit')
  const field = page.getByRole('combobox')
  const summon = () =>
    expect(async () => {
      await page.keyboard.press('Control+k')
      await expect(field).toBeFocused({ timeout: 2_000 })
    }).toPass()
  await summon()
  await field.fill('pay')
  const options = page.getByRole('option')
  await expect(options.first()).toContainText('payments-api')
  await field.fill('reset pay')
  await page.getByRole('option', { name: 'Reset a breaker: payments-api' }).click()
  const dialog = page.getByRole('dialog', { name: 'Reset a breaker' })
  await expect(dialog.getByText(/payments-api/).first()).toBeVisible()
  // It has opened on its preview; nothing was done.
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})
