import { Redis } from 'ioredis'
import { startQueueProgram } from '../lib/infrastructure/testing/bullmq-program.ts'
import { expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { product } from './product/product.ts'
import { expect, test } from './product/test.ts'

test.describe.configure({ timeout: 120_000 })

const address = (queue: string, more = '') => `queues?server=fleet&queue=${encodeURIComponent(queue)}${more}`

test('a flow under a prefix of its own, without a Queue object: its parent leads to the dead child, which is replayed once its BullMQ version is set', async ({
  as,
}) => {
  const { page, open } = await as('operator', { phone: true })
  const url = product().redisUrl
  const at = { url, prefix: 'days', without: 'flows' } as const
  const parents = await startQueueProgram(5, { ...at, name: 'close' })
  const children = await startQueueProgram(5, { ...at, name: 'statements' })
  const redis = new Redis(url)
  try {
    const added = await parents.ask<{ parent: string; child: string }>('flow', {
      children: [{ queueName: 'statements', name: 'render', data: { fail: 'total is missing' } }],
    })
    await children.ask('work')
    await expect.poll(() => redis.zcard('days:statements:failed'), { timeout: 20_000 }).toBe(1)
    await children.ask('rest')

    await open(address('days:close', `&jobs=waiting-children&job=${added.parent}`))
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByText('this job waits until they are replayed')).toBeVisible()
    await expectAccessible(page, 'children of a job')
    await expectFits(page, 'children of a job')
    await sheet.getByRole('link', { name: /render/ }).click()
    await expect(sheet.getByRole('link', { name: 'Jobs of days:statements' })).toBeVisible()
    await expect(sheet.getByText('total is missing').first()).toBeVisible()

    await open(address('days:close'))
    await expect(sheet.getByText('One waits for a dead letter in')).toBeVisible({ timeout: 20_000 })
    await open(address('days:statements', '&jq=TOTAL'))
    await expect(sheet.getByRole('listitem').filter({ hasText: 'total is missing' })).toBeVisible()
    await sheet.getByRole('button', { name: 'Set BullMQ version…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Set the BullMQ version of a queue' })
    const reason = `journey ${Date.now()}`
    await dialog.getByLabel(/Reason/).fill(reason)
    await expectAccessible(page, 'BullMQ version')
    await dialog.getByRole('button', { name: 'Set BullMQ 5' }).click()
    await expect(dialog.getByText(/go by the rules of BullMQ 5/).first()).toBeVisible({ timeout: 20_000 })

    await redis.hset(`days:statements:${added.child}`, 'data', '{}')
    await open(address('days:statements', '&jq=TOTAL'))
    await sheet.getByRole('button', { name: 'Replay dead letters…' }).click()
    const replay = page.getByRole('dialog', { name: 'Replay dead letters' })
    await expect(replay.getByLabel(/contains/)).toHaveValue('TOTAL')
    await replay.getByRole('button', { name: 'Replay 1 dead letter' }).click()
    await children.ask('work')
    await expect.poll(() => redis.llen('days:close:wait'), { timeout: 20_000 }).toBeGreaterThan(0)
    await children.ask('rest')
    await expectAudited(page, open, reason, /Set the BullMQ version/)
  } finally {
    await children.close()
    await parents.close()
    for (const key of await redis.keys('days:*')) await redis.del(key)
    redis.disconnect()
  }
})
