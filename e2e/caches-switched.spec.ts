import { Redis } from 'ioredis'
import { newId } from '../lib/core/ids.ts'
import { begin, confirm, expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { startCacheService } from './product/cache-service.ts'
import { product } from './product/product.ts'
import { apiUrl, expect, test } from './product/test.ts'

const started: { cache: string; close(): Promise<void> }[] = []

/** Two processes that share one cache. */
async function twoProcesses() {
  const cache = `shelf-${newId()}`
  const services = await Promise.all(['shelf-1', 'shelf-2'].map(instance => startCacheService({ cache, instance })))
  for (const { close } of services) started.push({ cache, close })
  return { cache, services: services as [(typeof services)[number], (typeof services)[number]] }
}

test.afterEach(async () => {
  const ended = started.splice(0)
  await Promise.all(ended.map(({ close }) => close()))
  const redis = new Redis(product().redisUrl)
  for (const cache of new Set(ended.map(({ cache }) => cache))) {
    const left = await redis.keys(`{${cache}}:*`)
    if (left.length > 0) await redis.unlink(...left)
  }
  redis.disconnect()
})

test('a cache switched off, to read-only and on again: its processes go to the origin, and back', async ({ as }) => {
  const { page, open } = await as('operator')
  const {
    cache,
    services: [one, two],
  } = await twoProcesses()
  await one.set('product:1', 'cached')
  expect(await two.getOrSet('product:1', 'from the origin')).toBe('cached')

  await open(`caches?cache=${cache}`)
  const sheet = page.getByRole('dialog').first()
  await begin(page, 'Switch off…')
  const dialog = page.getByRole('dialog', { name: 'Switch a cache off' })
  const reason = `journey ${cache}`
  await dialog.getByLabel('Reason').fill(reason)
  await confirm(dialog, 'Switch off in 2 processes', `Switched off ${cache} on 2 of 2 processes.`)
  await expect(sheet.getByText('Switched off: every lookup goes to the origin')).toBeVisible()
  await expect(sheet.getByText(`In 2 of 2 processes, by Operator: ${reason}.`)).toBeVisible()
  for (const { getOrSet, get } of [one, two]) {
    expect(await getOrSet('product:1', 'from the origin')).toBe('from the origin')
    expect(await get('product:1')).toEqual({ fromMemory: false })
  }

  await begin(page, 'Switch off…')
  await dialog.getByRole('radio', { name: 'Read-only' }).click()
  await dialog.getByLabel('Reason').fill(reason)
  await expect(dialog.getByText(/Already switched in 2 processes, by Operator/)).toBeVisible()
  await confirm(dialog, 'Make read-only in 2 processes', `Switched ${cache} to read-only on 2 of 2 processes.`)
  await expect(sheet.getByText('Read-only: nothing is stored')).toBeVisible()
  expect(await one.getOrSet('product:1', 'from the origin')).toBe('cached')
  expect(await one.getOrSet('product:2', 'from the origin')).toBe('from the origin')
  expect(await two.get('product:2')).toEqual({ fromMemory: false })

  await begin(page, 'Switch on')
  const on = page.getByRole('dialog', { name: 'Switch a cache on' })
  await confirm(on, 'Switch on in 2 processes', `Switched on ${cache} on 2 of 2 processes.`)
  await expect(sheet.getByText('Read-only: nothing is stored')).toHaveCount(0)
  expect(await one.getOrSet('product:2', 'stored now')).toBe('stored now')
  expect(await two.getOrSet('product:2', 'never asked for')).toBe('stored now')
  await expectAudited(page, open, reason, /Switch a cache off/)
})

test('all that is about one product invalidated, whatever its key; one key looked into', async ({ as }) => {
  const { page, open } = await as('operator', { phone: true })
  const { cache, services } = await twoProcesses()
  const [one, two] = services
  await one.set('product:7', 'a lamp', '7')
  await one.set('page:front', 'with a lamp', '7')
  await one.set('product:8', 'a chair', '8')
  for (const key of ['product:7', 'page:front', 'product:8']) await two.getOrSet(key, 'never asked for')

  await open(`caches?cache=${cache}&key=product:7`)
  const entry = page.getByRole('region', { name: 'Key product:7' })
  await expect(entry.getByText('fresh', { exact: true })).toBeVisible()
  await expect(entry.getByText('product 7')).toBeVisible()
  await expect(entry.getByText('a lamp')).toBeVisible()
  await expectAccessible(page, 'one key of a cache')
  await expectFits(page, 'one key of a cache')
  const viewer = await as('viewer')
  const denied = await viewer.api.get(apiUrl(`views/cache-key?cache=${cache}&key=product:7`))
  expect(denied.status()).toBe(403)
  expect(await denied.text()).not.toContain('a lamp')

  await begin(page, 'Invalidate…')
  const dialog = page.getByRole('dialog', { name: 'Invalidate cache entries' })
  await dialog.getByLabel('Invalidate by').selectOption('Entity')
  await dialog.getByLabel('Kind').fill('product')
  await dialog.getByRole('textbox', { name: 'Id' }).fill('7')
  await expect(dialog.getByText(/2 entries .*about product 7/).first()).toBeVisible()
  await confirm(dialog, 'Invalidate 2 entries', `Invalidated product 7 in ${cache} on 2 of 2 processes.`)
  for (const { get } of services) {
    for (const key of ['product:7', 'page:front']) expect(await get(key)).toEqual({ fromMemory: false })
    expect(await get('product:8')).toMatchObject({ value: 'a chair' })
  }
  await expect(entry.getByText(/It is not in Redis/)).toBeVisible()
})
