import { newId } from '../lib/core/ids.ts'
import { startQueueProgram } from '../lib/infrastructure/testing/bullmq-program.ts'
import { confirm, expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { product } from './product/product.ts'
import { expect, test } from './product/test.ts'

test.describe.configure({ timeout: 120_000 })

test('dead letters of two queues are found by their payload from the palette, opened, marked and replayed', async ({
  as,
}) => {
  const { page, open } = await as('operator')
  const order = `order-${newId()}`
  const programs = await Promise.all(
    (['4', '6'] as const).map(major =>
      startQueueProgram(Number(major) as 4 | 6, { url: product().redisUrl, prefix: 'bull', name: `found-${major}` }),
    ),
  )
  try {
    for (const { ask } of programs) {
      await ask('add', {
        jobs: Array.from({ length: 30 }, (_, at) => ({
          name: 'ship',
          data: { order: { id: at < 3 ? order : `other-${at}`, lines: at }, fail: 'no carrier' },
        })),
      })
      await ask('work', { concurrency: 10 })
      const failed = async () => (await ask<Record<string, number>>('counts')).failed
      await expect.poll(failed, { timeout: 30_000 }).toBe(30)
      await ask('rest')
    }
    await open('queues?q=found-')
    await expect(page.getByRole('row').filter({ hasText: 'found-' })).toHaveCount(2, { timeout: 60_000 })
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').fill(`data.order.id = ${order}`)
    await page.getByRole('option', { name: /^Jobs: data\.order/ }).click()
    await expect(page.getByRole('heading', { name: 'Search jobs' })).toBeVisible()
    await expect(page.getByText('6 jobs found')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Search again' })).toBeVisible()
    await expectAccessible(page, 'found jobs')

    const group = page.getByRole('region', { name: 'found-6: Dead letters' })
    await group.getByRole('listitem').first().getByRole('link').click()
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByText(order).first()).toBeVisible()
    await sheet.getByRole('button', { name: /^More about job/ }).click()
    await page.getByRole('menuitem', { name: 'Edit payload…' }).click()
    const payload = page.getByRole('dialog', { name: 'Edit the payload of a job' })
    const text = await payload.getByLabel('Payload').inputValue()
    await payload.getByLabel('Payload').fill(text.replace('no carrier', 'carrier found'))
    await expect(payload.getByText('/fail: "no carrier" → "carrier found"')).toBeVisible()
    await expectAccessible(page, 'a payload being edited')
    await confirm(payload, 'Change the payload', /Changed the payload/)
    await expect(sheet.getByText('carrier found').first()).toBeVisible()
    await page.keyboard.press('Escape')

    for (const box of await page.getByRole('checkbox', { name: /Mark all/ }).all()) await box.check()
    await expect(page.getByText('6 jobs of 2 queues marked')).toBeVisible()
    await expectAccessible(page, 'found jobs that are marked')
    await page.getByRole('button', { name: 'Replay 6 dead letters…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Replay dead letters with a canary' })
    // No worker is connected, which a canary would wait for.
    await dialog.getByLabel('Canary').fill('')
    await dialog.getByRole('button', { name: 'Replay 6 dead letters' }).click()
    for (const { ask } of programs)
      await expect.poll(async () => (await ask<Record<string, number>>('counts')).failed).toBe(27)
    await expectAudited(page, open, 'jobs of 2 queues', /Replay dead letters/)

    await open('queues?server=fleet&queue=bull:found-6')
    await page.getByRole('dialog').first().getByRole('button', { name: 'More about found-6' }).click()
    await page.getByRole('menuitem', { name: 'Limits…' }).click()
    const limits = page.getByRole('dialog', { name: 'Set the limits of a queue' })
    await limits.getByLabel('At a time').fill('3')
    await expect(limits.getByText(/will have at most 3 jobs at a time/)).toBeVisible()
    await page.keyboard.press('Escape')

    await open(`queues/search?q=${encodeURIComponent('data.order.id = ')}`)
    await expect(page.getByText(/not valid at character 15: A value must follow/)).toBeVisible()

    const phone = await as('viewer', { phone: true, colorScheme: 'dark' })
    await phone.open(`queues/search?q=${encodeURIComponent(order)}`)
    await expect(phone.page.getByText('6 jobs found')).toBeVisible()
    await expectFits(phone.page, 'found jobs')
    await expectAccessible(phone.page, 'found jobs on a phone')
  } finally {
    await Promise.all(programs.map(program => program.ask('obliterate').then(() => program.close())))
  }
})
