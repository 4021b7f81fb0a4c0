import { Redis } from 'ioredis'
import { expectAccessible, expectFits } from './product/axe.ts'
import { product } from './product/product.ts'
import { address, forget } from './product/queues.ts'
import { anonymous, expect, test } from './product/test.ts'

// Each has queues of its own.
test.describe.configure({ timeout: 120_000, mode: 'parallel' })

test('hostile jobs are shown or refused in plain words, and break no page', async ({ as }) => {
  const { page, open } = await as('operator', { phone: true })
  const redis = new Redis(product().redisUrl)
  const name = `odd {name}: ${'ü'.repeat(40)} ${'x'.repeat(140)}`
  const base = `bull:${name}:`
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
  await redis.hset(`${base}meta`, 'version', 'bullmq:6.7.0')
  await redis.hset(`${base}deep`, { name: 'deep', data: deep, timestamp: '1', failedReason: '‮ reversed <b>bold</b>' })
  await redis.hset(`${base}large`, {
    name: 'large',
    data: JSON.stringify('y'.repeat(5_000_000)),
    timestamp: 'no number',
  })
  await redis.hset(`${base}binary`, {
    name: Buffer.from([0xff, 0xfe]),
    data: Buffer.from([0, 255, 254]),
    opts: '{',
  } as never)
  await redis.set(`${base}string`, 'no hash at all')
  await redis.zadd(`${base}failed`, 1, 'deep', 2, 'large', 3, 'binary', 4, 'string', 5, 'missing')
  try {
    await open(address(`bull:${name}`))
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByRole('listitem')).toHaveCount(5)
    await expectAccessible(page, 'hostile jobs')
    await expectFits(page, 'hostile jobs')
    for (const id of ['deep', 'large', 'binary', 'string', 'missing']) {
      await open(address(`bull:${name}`, `&job=${id}`))
      await expect(sheet.getByText(`Jobs of`)).toBeVisible()
      await expect(
        sheet.getByRole('heading', { name: 'Payload' }).or(sheet.getByText('There is no such job any more')),
      ).toBeVisible()
      await expectFits(page, `the job ${id}`)
    }
    await open('queues')
    await expect(page.getByRole('row').filter({ hasText: 'odd {name}' })).toBeVisible()
    await expectFits(page, 'a queue of a long name')
  } finally {
    await forget(`bull:${name}`)
    redis.disconnect()
  }
})

test('Bull Board stands behind the same session, and only looks', async ({ as }) => {
  const { page, api } = await as('operator')
  const board = `${product().url}/demo/queues/board`
  await page.goto(board)
  await expect(page.getByText('receipts.send').first()).toBeVisible({ timeout: 20_000 })
  for (const method of ['post', 'put', 'delete'] as const) {
    const answer = await api[method](`${board}/api/queues/receipts.send/retry/failed`)
    expect([403, 405]).toContain(answer.status())
  }
  const viewer = await as('viewer')
  expect((await viewer.api.get(board)).status()).toBe(403)
  const nobody = await anonymous()
  const asked = '/demo/queues/board/queue/receipts.send?status=failed'
  expect((await nobody.get(`${product().url}${asked}`)).url()).toContain(`/sign-in?return=${encodeURIComponent(asked)}`)
  await nobody.dispose()
})
