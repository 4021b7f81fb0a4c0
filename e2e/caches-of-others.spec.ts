import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { Redis } from 'ioredis'
import { newId } from '../lib/core/ids.ts'
import { startProgram } from '../lib/infrastructure/testing/program.ts'
import { expectAudited } from './product/acts.ts'
import { expectAccessible } from './product/axe.ts'
import { product } from './product/product.ts'
import { expect, test } from './product/test.ts'

const PROGRAM = fileURLToPath(new URL('./programs/foreign-cache.mjs', import.meta.url))
const KEYS = Array.from({ length: 40 }, (_, at) => `product:${at}`)

/** A program that caches with a library of others, in a process of its own, and imports nothing of ours. */
async function startForeignCache(library: string, prefix: string) {
  const { ask, close } = await startProgram(PROGRAM, { args: [library, product().redisUrl, prefix] })
  return {
    look: () => ask<{ values: string[]; computed: number }>('look', { keys: KEYS }),
    close,
  }
}

/** Counts the keys of a pattern on the page and deletes them there: previewed, the server's name typed, confirmed. */
async function deleteOnThePage(page: Page, open: (path: string) => Promise<void>, pattern: string, reason: string) {
  await open('caches?keys=fleet')
  const sheet = page.getByRole('dialog').first()
  await sheet.getByRole('textbox', { name: 'Pattern' }).fill(pattern)
  await sheet.getByRole('button', { name: 'Count' }).click()
  await expect(sheet.getByText('40 keys')).toBeVisible()
  await expectAccessible(page, 'keys by prefix')
  await sheet.getByRole('button', { name: 'Delete them…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete keys by prefix' })
  await dialog.getByLabel(/Reason/).fill(reason)
  await expect(dialog.getByText(`40 keys matching ${pattern} will be removed from fleet for good.`)).toBeVisible()
  await expect(dialog.getByText(/Copies in the memory of processes stay there/)).toBeVisible()
  await dialog.getByRole('textbox', { name: /Type fleet/ }).fill('fleet')
  await dialog.getByRole('button', { name: 'Delete 40 keys' }).click()
  await expect(dialog.getByText('Removed 40 keys of fleet.')).toBeVisible({ timeout: 20_000 })
}

for (const library of ['bentocache', 'cacheable', 'cache-manager'])
  test(`what a program has cached with ${library} is counted and deleted by prefix: it computes everything again`, async ({
    as,
  }) => {
    const { page, open } = await as('admin')
    const prefix = `shop-${newId()}`
    const redis = new Redis(product().redisUrl)
    const program = await startForeignCache(library, prefix)
    try {
      const first = await program.look()
      expect(first.computed).toBe(40)
      expect(await program.look()).toEqual(first)
      await redis.set(`${prefix}-other`, 'kept')

      await deleteOnThePage(page, open, `${prefix}:*`, `journey ${prefix}`)
      expect(await redis.keys(`${prefix}*`)).toEqual([`${prefix}-other`])
      const after = await program.look()
      expect(after.computed).toBe(80)
      expect(after.values.filter(value => first.values.includes(value))).toEqual([])
      expect((await redis.keys(`${prefix}:*`)).length).toBe(40)
      await expectAudited(page, open, `journey ${prefix}`, /Delete keys by prefix/)
    } finally {
      await program.close()
      await forget(redis, prefix)
    }
  })

test('what such a library keeps in the memory of its own process is out of reach, as the preview says', async ({
  as,
}) => {
  const { page, open } = await as('admin')
  const prefix = `shop-${newId()}`
  const redis = new Redis(product().redisUrl)
  const programs = await Promise.all([
    startForeignCache('bentocache with memory', prefix),
    startForeignCache('bentocache', prefix),
  ])
  const [layered, plain] = programs
  try {
    const first = await layered.look()
    expect((await plain.look()).computed).toBe(0)
    await deleteOnThePage(page, open, `${prefix}:*`, 'a journey')
    expect((await plain.look()).computed).toBe(40)
    expect(await layered.look()).toEqual(first)
  } finally {
    await Promise.all(programs.map(program => program.close()))
    await forget(redis, prefix)
  }
})

test('queues are out of its reach', async ({ as }) => {
  const { page, open } = await as('admin')
  await open('caches?keys=fleet&pattern=bull:*')
  await page.getByRole('button', { name: 'Delete them…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete keys by prefix' })
  await dialog.getByLabel(/Reason/).fill('a journey')
  await expect(dialog.getByText(/reaches the queues under bull:/).first()).toBeVisible()
})

async function forget(redis: Redis, prefix: string) {
  const keys = await redis.keys(`${prefix}*`)
  if (keys.length > 0) await redis.unlink(...keys)
  redis.disconnect()
}
