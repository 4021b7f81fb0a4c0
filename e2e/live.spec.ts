import { Redis } from 'ioredis'
import { fleetKeys } from '../lib/infrastructure/fleet/index.ts'
import { APART, ENVIRONMENT, lastTransition, PAYMENTS, payments, product, tryBreaker } from './product/product.ts'
import { apiUrl, expect, test } from './product/test.ts'

/** All processes of the demo see the breaker closed and their calls going through. */
async function settled() {
  await payments('ok')
  await expect
    .poll(async () => (await tryBreaker('payments-api')).every(answer => answer.called), { timeout: 30_000 })
    .toBe(true)
}

test.describe('an outage of the upstream', { tag: PAYMENTS }, () => {
  test.afterAll(() => payments('schedule'))

  test('the upstream fails, and the card turns open without a reload', async ({ as }) => {
    await settled()
    const { page, open } = await as('viewer')
    await open('breakers?breaker=payments-api')
    const row = page.getByRole('row').filter({ hasText: 'payments-api' })
    await expect(row).toContainText(/closed/i, { timeout: 20_000 })
    await page.evaluate(() => {
      ;(window as { untouched?: boolean }).untouched = true
    })
    const began = Date.now()
    await payments('fail')
    await expect
      .poll(() => lastTransition('payments-api', 'open', began), { timeout: 30_000, intervals: [50] })
      .toBeTruthy()
    await expect(row).toContainText(/open/i, { timeout: 20_000 })
    expect(await page.evaluate(() => (window as { untouched?: boolean }).untouched)).toBe(true)
    await payments('ok')
    await expect(row).toContainText(/closed/i, { timeout: 40_000 })
  })
})

test('a process killed with SIGKILL shows as lost and wants attention', { tag: APART }, async ({ as }) => {
  test.setTimeout(150_000)
  const { page, api, open } = await as('viewer')
  await open('services')
  const services = await (await api.get(apiUrl('views/services'))).json()
  const victim = services.data.services.data.processes.find(
    (process: { service: string; state: string }) => process.service === 'worker' && process.state === 'up',
  )
  expect(victim, 'the worker is up').toBeDefined()
  process.kill(victim.pid, 'SIGKILL')
  await expect(page.getByRole('row').filter({ hasText: victim.instance }).filter({ hasText: /lost/i })).toBeVisible({
    timeout: 25_000,
  })
  await open('overview')
  await expect(page.getByText(/lost worker-1/).first()).toBeVisible()
  // The supervisor starts another in its place; then none is missing any more.
  await expect
    .poll(
      async () => {
        const { data } = await (await api.get(apiUrl('views/services'))).json()
        return data.services.data.processes.find((process: { id: string }) => process.id === victim.id)?.state
      },
      { timeout: 90_000 },
    )
    .toBe('replaced')
})

test('a process that says that it stops is listed as such, and needs no one', async ({ as }) => {
  const { api } = await as('viewer')
  const redis = new Redis(product().redisUrl)
  const { joinFleet } = await import('../lib/infrastructure/fleet/index.ts')
  const member = joinFleet({
    redisUrl: product().redisUrl,
    environment: ENVIRONMENT,
    service: 'visitor',
    instance: 'visitor-1',
  })
  await member.start()
  const stateNow = async () => {
    const { data } = await (await api.get(apiUrl('views/services?service=visitor'))).json()
    return data.services.data.processes.find((process: { id: string }) => process.id === member.id)?.state
  }
  await expect.poll(stateNow).toBe('up')
  await member.stop()
  await expect.poll(stateNow).toBe('left')
  const keys = fleetKeys(ENVIRONMENT)
  await redis.zrem(keys.processes, member.id)
  redis.disconnect()
})
