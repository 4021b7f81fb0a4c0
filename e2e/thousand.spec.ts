import { Redis } from 'ioredis'
import { simulateFleet } from '../bench/fleet/simulate.ts'
import { fleetKeys } from '../lib/infrastructure/fleet/index.ts'
import { expectFits } from './product/axe.ts'
import { APART, ENVIRONMENT, product } from './product/product.ts'
import { apiUrl, expect, PAGES, test } from './product/test.ts'

test.describe.configure({ timeout: 480_000 })

/** What is of use there is a list: it has loaded when its first row is there. */
const LISTS = new Set(['services', 'redis', 'breakers', 'breakers?by=instance', 'caches', 'queues', 'migrations'])
const MANY = 1_000

test('a thousand processes with names of 200 characters and a thousand queues at once: every page loads and reads well', {
  tag: APART,
}, async ({ as }) => {
  const redis = new Redis(product().redisUrl)
  const names = Array.from({ length: MANY }, (_, at) => `many-${at}`)
  await fill(redis, names)
  const fleet = await simulateFleet({
    redisUrl: product().redisUrl,
    environment: ENVIRONMENT,
    processes: MANY,
    nameLength: 200,
    breakersEach: 3,
    services: 20,
  })
  try {
    const { page, api, open } = await as('viewer')
    const read = async (view: string) => (await (await api.get(apiUrl(`views/${view}`))).json()).data
    await expect
      .poll(async () => (await read('services')).services.data.total, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(MANY)
    await expect.poll(async () => (await read('queues')).total, { timeout: 60_000 }).toBeGreaterThanOrEqual(MANY)
    for (const path of [...PAGES, 'breakers?by=instance']) {
      await open(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      if (LISTS.has(path)) await expect(page.getByRole('row').nth(1)).toBeVisible()
      await expectFits(page, path)
    }
    await open('services')
    await expect(page.getByText(/300 of 1,0\d\d/).first()).toBeVisible()
    // As people count: the second before the tenth.
    await open('queues')
    await expect(page.getByRole('row', { name: /^many-2 / })).toBeVisible()
    const phone = await as('viewer', { phone: true })
    for (const path of ['services', 'queues']) {
      await phone.open(path)
      await expect(phone.page.getByRole('row').nth(1)).toBeVisible()
      await expectFits(phone.page, path)
    }
  } finally {
    await fleet.close()
    // No other test should meet a thousand lost processes, or as many queues.
    await redis.zrem(fleetKeys(ENVIRONMENT).processes, ...fleet.ids)
    for (const name of names) await redis.unlink(`bull:${name}:meta`, `bull:${name}:1`, `bull:${name}:wait`)
    redis.disconnect()
  }
})

async function fill(redis: Redis, names: string[]) {
  const pipeline = redis.pipeline()
  for (const name of names) {
    pipeline.hset(`bull:${name}:meta`, 'version', 'bullmq:6.7.0')
    pipeline.hset(`bull:${name}:1`, { name: 'job', data: '{}', timestamp: String(Date.now()) })
    pipeline.lpush(`bull:${name}:wait`, '1')
  }
  await pipeline.exec()
}
