import { Redis } from 'ioredis'
import { simulateFleet } from '../bench/fleet/simulate.ts'
import { fleetKeys } from '../lib/infrastructure/fleet/index.ts'
import { ENVIRONMENT, product } from './product/product.ts'
import { apiUrl, expect, PAGES, test } from './product/test.ts'

test.describe.configure({ timeout: 180_000 })

test('a thousand processes with names of 200 characters: every page loads within a second and reads well', async ({
  as,
}) => {
  const fleet = await simulateFleet({
    redisUrl: product().redisUrl,
    environment: ENVIRONMENT,
    processes: 1_000,
    nameLength: 200,
    breakersEach: 3,
    services: 20,
  })
  try {
    const { page, api, open } = await as('viewer')
    await expect
      .poll(async () => (await (await api.get(apiUrl('views/services'))).json()).data.services.data.total, {
        timeout: 20_000,
      })
      .toBeGreaterThanOrEqual(1_000)
    for (const path of [...PAGES, 'breakers?by=instance']) {
      await open(path)
      const took: number[] = []
      for (let round = 0; round < 3; round++) {
        const began = performance.now()
        await open(path)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        took.push(performance.now() - began)
      }
      // The best of three, because the same two cores simulate the fleet, serve the page and draw it.
      expect(Math.min(...took), `${path} took ${took.map(Math.round).join(', ')} ms`).toBeLessThan(1_000)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0)
    }
    await open('services')
    await expect(page.getByText(/300 of 1,0\d\d/).first()).toBeVisible()
  } finally {
    await fleet.close()
    // Nobody else's journey should meet a thousand lost processes.
    const redis = new Redis(product().redisUrl)
    await redis.zrem(fleetKeys(ENVIRONMENT).processes, ...fleet.ids)
    redis.disconnect()
  }
})
