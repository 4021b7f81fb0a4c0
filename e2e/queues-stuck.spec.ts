import { Redis } from 'ioredis'
import { newId } from '../lib/core/ids.ts'
import { startQueueProgram } from '../lib/infrastructure/testing/bullmq-program.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { product } from './product/product.ts'
import { expect, test } from './product/test.ts'

test.describe.configure({ timeout: 120_000 })

const address = (queue: string, more = '') => `queues?server=fleet&queue=${encodeURIComponent(queue)}${more}`

test('a job of a killed worker is told from work, and released; a flow that is stuck continues without its dead child', async ({
  as,
}) => {
  const { page, open } = await as('operator', { phone: true })
  const at = { url: product().redisUrl, prefix: 'bull', name: `stuck-${newId().toLowerCase()}` }
  const key = `${at.prefix}:${at.name}`
  const redis = new Redis(at.url)
  let program = await startQueueProgram(6, at)
  try {
    const [lost = ''] = await program.ask<string[]>('add', {
      jobs: [{ name: 'export', data: { hold: 600_000 }, opts: {} }],
    })
    await program.ask('work', { options: { lockDuration: 400, lockRenewTime: 100 } })
    await expect.poll(() => redis.llen(`${key}:active`), { timeout: 20_000 }).toBe(1)
    await program.kill()
    await expect.poll(() => redis.exists(`${key}:${lost}:lock`), { timeout: 20_000 }).toBe(0)

    await open(address(key, `&jobs=active&job=${lost}`))
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByText('Active, but no worker holds its lock')).toBeVisible({ timeout: 20_000 })
    await expectAccessible(page, 'a job without a worker')
    await expectFits(page, 'a job without a worker')
    await open(address(key))
    await expect(sheet.getByText('Worker lost').first()).toBeVisible({ timeout: 20_000 })
    await sheet.getByRole('button', { name: 'Release jobs…' }).click()
    const release = page.getByRole('dialog', { name: 'Release jobs of lost workers' })
    await release.getByRole('button', { name: 'Release 1 job' }).click()
    await expect(release.getByText(/Released 1 job/).first()).toBeVisible({ timeout: 20_000 })
    expect(await redis.lrange(`${key}:wait`, 0, -1)).toEqual([lost])
    await redis.hset(`${key}:${lost}`, 'data', '{}')

    program = await startQueueProgram(6, at)
    const flow = await program.ask<{ parent: string; child: string }>('flow', {
      children: [{ name: 'render', data: { fail: 'total is missing' } }],
    })
    await program.ask('work')
    await expect.poll(() => redis.zcard(`${key}:failed`), { timeout: 20_000 }).toBe(1)
    await program.ask('rest')
    await open(address(key, `&jobs=waiting-children&job=${flow.parent}`))
    await sheet.getByRole('button', { name: 'Continue without it' }).click()
    const dialog = page.getByRole('dialog', { name: 'Let a job continue without a child' })
    await expect(dialog.getByText(/runs as soon as a worker takes it/)).toBeVisible({ timeout: 20_000 })
    await expectFits(page, 'a flow that is stuck')
    await dialog.getByRole('button', { name: 'Let it continue' }).click()
    await expect.poll(() => redis.lrange(`${key}:wait`, 0, -1), { timeout: 20_000 }).toContain(flow.parent)
  } finally {
    await program.close()
    const keys = await redis.keys(`${key}:*`)
    if (keys.length > 0) await redis.del(keys)
    redis.disconnect()
  }
})
