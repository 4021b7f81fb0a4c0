import { Redis } from 'ioredis'
import { newId } from '../lib/core/ids.ts'
import { type QueueProgram, startQueueProgram } from '../lib/infrastructure/testing/bullmq-program.ts'
import { begin, confirm, expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { product } from './product/product.ts'
import { apiUrl, expect, test } from './product/test.ts'

test.describe.configure({ timeout: 120_000 })

/** Jobs of a program that imports nothing of ours, failed for good: eight of one kind, two of another. */
async function bury({ ask }: QueueProgram) {
  const jobs = (count: number, fail: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => ({ name: 'welcome', data: { at, fail: fail(at) }, opts: {} }))
  await ask('add', { jobs: [...jobs(8, at => `mailbox ${at} is full`), ...jobs(2, () => 'relay refused')] })
  await ask('work', { concurrency: 5 })
}

test('dead letters by kind: a replay stops after its canary, and one that has not begun is undone', async ({ as }) => {
  const { page, open, api } = await as('operator')
  const name = `letters-${newId()}`
  const redis = new Redis(product().redisUrl)
  const failed = () => redis.zcard(`bull:${name}:failed`)
  const station = await startQueueProgram(6, { url: product().redisUrl, prefix: 'bull', name })
  try {
    await bury(station)
    await expect.poll(failed).toBe(10)
    const groups = async () =>
      (await (await api.get(apiUrl(`views/dead-letters?queue=bull:${name}`))).json()).data.groups.length
    await expect.poll(groups, { timeout: 60_000 }).toBe(2)
    await open(`dead-letters?in=bull:${name}`)
    await expectAccessible(page, 'dead letters')
    await expectFits(page, 'dead letters')
    const row = page.getByRole('row').filter({ hasText: 'mailbox <n> is full' })
    await expect(row.getByRole('img', { name: 'Failing now' })).toBeVisible()
    await row.getByRole('link').first().click()
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByText(/^Error: mailbox \d is full/).first()).toBeVisible()
    await expectAccessible(page, 'dead letters of one kind')

    const dialog = page.getByRole('dialog', { name: 'Replay dead letters with a canary' })
    await sheet
      .getByRole('checkbox', { name: /^Mark / })
      .first()
      .check()
    await begin(page, 'Replay marked…')
    await expect(dialog.getByRole('button', { name: 'Replay 1 dead letter', exact: true })).toBeVisible()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await begin(page, 'Replay…')
    await expect(dialog.getByText(/First 1 job; the rest once it has completed\./)).toBeVisible()
    await expectAccessible(page, 'the dialog of a replay')
    await confirm(dialog, 'Replay 8 dead letters', /Stopped, because 1 job of the canary failed again/)
    await expect.poll(failed).toBe(10)

    await station.ask('rest')
    await begin(page, 'Replay…')
    await dialog.getByLabel('Canary').fill('')
    await dialog.getByLabel('Reason').fill(`journey ${name}`)
    await expect(dialog.getByText('the jobs wait until one starts', { exact: false })).toBeVisible()
    await dialog.getByRole('button', { name: 'Replay 8 dead letters' }).click()
    await expect(dialog.getByText('Replayed 8 dead letters: 8 still waiting.')).toBeVisible()
    expect(await failed()).toBe(2)
    await dialog.getByRole('button', { name: /^Undo/ }).click()
    await expect.poll(failed).toBe(10)
    await expectAudited(page, open, `journey ${name}`, /Replay dead letters with a canary/)

    const phone = await as('viewer', { phone: true })
    await phone.open(`dead-letters?in=bull:${name}`)
    await expect(phone.page.getByText('mailbox <n> is full').first()).toBeVisible()
    await expectFits(phone.page, 'dead letters on a phone')
    await phone.page.getByText('mailbox <n> is full').first().click()
    await expect(phone.page.getByRole('dialog').first().getByText('First seen')).toBeVisible()
    await expectFits(phone.page, 'dead letters of one kind on a phone')
    await expectAccessible(phone.page, 'dead letters of one kind on a phone')
  } finally {
    await station.close()
    const left = await redis.keys(`bull:${name}:*`)
    if (left.length > 0) await redis.unlink(...left)
    redis.disconnect()
  }
})
