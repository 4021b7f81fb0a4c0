import { Redis } from 'ioredis'
import { newId } from '../lib/core/ids.ts'
import { busThatLoses } from '../lib/infrastructure/testing/losing-bus.ts'
import { expectAudited } from './product/acts.ts'
import { expectAccessible } from './product/axe.ts'
import { startCacheService } from './product/cache-service.ts'
import { product } from './product/product.ts'
import { expect, test } from './product/test.ts'

const STORED = ['product:1', 'product:2', 'product:3']

test('a pattern invalidated while factories are in flight and the bus drops the message: no process serves the old value', async ({
  as,
}) => {
  const { page, open } = await as('operator')
  const cache = `shelf-${newId()}`
  const redis = new Redis(product().redisUrl)
  const wire = await busThatLoses(product().redisUrl)
  const services = await Promise.all([
    startCacheService({ cache, instance: 'shelf-plain' }),
    startCacheService({ cache, instance: 'shelf-making' }),
    startCacheService({ cache, instance: 'shelf-deaf', cacheUrl: wire.url }),
  ])
  const [plain, making, deaf] = services
  const each = <T>(ask: (service: (typeof services)[number]) => Promise<T>) => Promise.all(services.map(ask))
  try {
    await expect
      .poll(() => each(async service => (await service.report()).bus))
      .toEqual(['listening', 'listening', 'listening'])
    for (const key of [...STORED, 'category:shoes']) await plain.set(key, 'old')
    await each(async service => {
      for (const key of STORED) expect(await service.getOrSet(key, 'never asked for')).toBe('old')
    })
    expect(await each(service => service.get('product:1'))).toEqual(
      services.map(() => ({ value: 'old', fromMemory: true })),
    )
    await making.begin('product:8', 'made from older data')
    await deaf.begin('product:9', 'made from older data')

    // The message is lost: what every other process has refreshed, the disconnected one still answers as it was.
    wire.lose()
    await plain.set('product:1', 'changed')
    await expect.poll(() => making.get('product:1')).toMatchObject({ value: 'changed' })
    expect(await deaf.get('product:1')).toEqual({ value: 'old', fromMemory: true })

    await open(`caches?cache=${cache}&key=product:1`)
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByText('receives invalidations')).toHaveCount(3)
    await sheet.getByRole('button', { name: 'Compare with memory' }).click()
    const copies = sheet.getByRole('region', { name: 'Copies in memory' })
    await expect(copies.getByRole('listitem').filter({ hasText: deaf.instance })).toContainText('older than in Redis')
    await expect(copies.getByRole('listitem').filter({ hasText: making.instance })).toContainText('same as in Redis')
    await expect(copies.getByRole('button', { name: 'Invalidate this key…' })).toBeVisible()
    await expectAccessible(page, 'copies in memory')
    await sheet.getByRole('button', { name: 'Invalidate…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Invalidate cache entries' })
    await dialog.getByRole('textbox', { name: 'Pattern' }).fill('product:*')
    const reason = `journey ${cache}`
    await dialog.getByLabel(/Reason/).fill(reason)
    await dialog.getByRole('button', { name: 'Invalidate 3 entries' }).click()
    await expect(dialog.getByText(`Invalidated product:* in ${cache} on 3 of 3 processes.`)).toBeVisible()
    const ledger = dialog.getByRole('list', { name: 'Outcome of each of the processes' })
    for (const { instance } of services) await expect(ledger.getByText(instance)).toBeVisible()

    // Their callers get what was made; no one gets it after them, from memory or from Redis.
    expect(await making.finish()).toBe('made from older data')
    expect(await deaf.finish()).toBe('made from older data')
    for (const key of [...STORED, 'product:8', 'product:9'])
      expect(await each(service => service.get(key)), key).toEqual(services.map(() => ({ fromMemory: false })))
    expect(await redis.keys(`{${cache}}:g*:product:*`)).toEqual([])
    expect((await making.report()).totals.barred).toBe(1)
    expect((await deaf.report()).totals.barred).toBe(1)
    expect(await deaf.get('category:shoes')).toMatchObject({ value: 'old' })

    // What is made from now on is everybody's.
    for (const key of [...STORED, 'product:8', 'product:9']) {
      expect(await deaf.getOrSet(key, 'new')).toBe('new')
      expect(await each(service => service.getOrSet(key, 'never asked for')), key).toEqual(['new', 'new', 'new'])
    }
    await expectAudited(page, open, reason, /Invalidate cache entries/)
  } finally {
    await each(service => service.close())
    await wire.close()
    const left = await redis.keys(`{${cache}}:*`)
    if (left.length > 0) await redis.unlink(...left)
    redis.disconnect()
  }
})

test('an invalidation undone on the page: what was written since stays, the rest is served again by every process', async ({
  as,
}) => {
  const { page, open } = await as('operator')
  const cache = `shelf-${newId()}`
  const services = await Promise.all([
    startCacheService({ cache, instance: 'shelf-1' }),
    startCacheService({ cache, instance: 'shelf-2' }),
  ])
  const [one, two] = services
  try {
    for (const key of STORED) await one.set(key, 'old')
    for (const key of STORED) expect(await two.getOrSet(key, 'never asked for')).toBe('old')
    await open(`caches?cache=${cache}`)
    await page.getByRole('dialog').first().getByRole('button', { name: 'Invalidate…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Invalidate cache entries' })
    await dialog.getByRole('textbox', { name: 'Pattern' }).fill('product:*')
    const reason = `journey ${cache}`
    await dialog.getByLabel(/Reason/).fill(reason)
    await expect(dialog.getByText('possible for 15 min; Redis keeps 1 kB for it')).toBeVisible()
    await dialog.getByRole('button', { name: 'Invalidate 3 entries' }).click()
    await expect(dialog.getByText(`Invalidated product:* in ${cache} on 2 of 2 processes.`)).toBeVisible()
    for (const { get } of services) expect(await get('product:2')).toEqual({ fromMemory: false })
    expect(await two.getOrSet('product:1', 'new')).toBe('new')

    await dialog.getByRole('button', { name: /^Undo/ }).click()
    await expect(
      page.getByText(`Restored 2 of 3 entries of ${cache}. Since then 1 written again.`).first(),
    ).toBeVisible()
    for (const { getOrSet } of services) {
      expect(await getOrSet('product:1', 'never asked for')).toBe('new')
      expect(await getOrSet('product:2', 'never asked for')).toBe('old')
      expect(await getOrSet('product:3', 'never asked for')).toBe('old')
    }
    await expectAudited(page, open, cache, /Undone|Undo/)
  } finally {
    await Promise.all(services.map(service => service.close()))
    const redis = new Redis(product().redisUrl)
    const left = await redis.keys(`{${cache}}:*`)
    if (left.length > 0) await redis.unlink(...left)
    redis.disconnect()
  }
})
