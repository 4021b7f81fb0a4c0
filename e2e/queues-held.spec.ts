import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { newId } from '../lib/core/ids.ts'
import type { JobCounts } from '../lib/infrastructure/queue/index.ts'
import { startProgram } from '../lib/infrastructure/testing/program.ts'
import { begin, confirm, expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { ENVIRONMENT, product, secrets } from './product/product.ts'
import { expect, test } from './product/test.ts'

test('a worker held back by an open breaker: let work on anyway, and held back again', async ({ as }) => {
  const { page, open } = await as('operator', { phone: true })
  const name = `payroll-${newId()}`
  const { redisUrl } = product()
  const { ask, close } = await startProgram(
    fileURLToPath(new URL('./programs/dependent-service.ts', import.meta.url)),
    {
      args: [name, redisUrl],
      env: {
        SUBSTATION_REDIS_URL: redisUrl,
        SUBSTATION_ENVIRONMENT: ENVIRONMENT,
        SUBSTATION_FLEET_KEY: secrets().fleetKey,
        SUBSTATION_SERVICE: 'payroll',
        SUBSTATION_INSTANCE: 'payroll-1',
      },
    },
  )
  const counts = () => ask<JobCounts>('counts')
  const redis = new Redis(redisUrl)
  try {
    await ask('fail')
    await ask('add', { jobs: 3 })
    await expect.poll(counts).toMatchObject({ waiting: 3, active: 0, failed: 0 })
    await open(`queues?server=fleet&queue=held:${name}`)
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByText(`Held back: ${name}-bank is open`)).toBeVisible({ timeout: 30_000 })
    await expect(sheet.getByText(/1 of 1 worker takes no jobs since/)).toBeVisible()
    await expectAccessible(page, 'a queue held back')
    await expectFits(page, 'a queue held back')

    // The breaker rejects what is tried: each job fails at once, as the dialog says before.
    await begin(page, 'Work on anyway…')
    const dialog = page.getByRole('dialog', { name: 'Work on despite open breakers' })
    await expect(dialog.getByText(/will fail and spend an attempt/)).toBeVisible()
    const reason = `journey ${name}`
    await dialog.getByLabel('Reason').fill(reason)
    await confirm(dialog, 'Work on in 1 process', `Let workers of ${name} work on in payroll-1.`)
    await expect.poll(counts).toMatchObject({ waiting: 0, failed: 3 })
    await expect(sheet.getByText('It works on despite open breakers')).toBeVisible()

    await begin(page, 'Hold back again')
    await confirm(
      page.getByRole('dialog', { name: 'Hold jobs back again' }),
      /in 1 process/,
      `Workers of ${name} wait for their breakers again in payroll-1.`,
    )
    await expect(sheet.getByText(`Held back: ${name}-bank is open`)).toBeVisible()
    await ask('add', { jobs: 2 })
    await expect.poll(counts).toMatchObject({ waiting: 2, active: 0, failed: 3 })
    await ask('reset')
    await expect.poll(counts).toMatchObject({ waiting: 0, completed: 2, failed: 3 })
    await expect(sheet.getByText(`Held back: ${name}-bank is open`)).toHaveCount(0)
    await expectAudited(page, open, reason, /Work on/)
  } finally {
    await close()
    const left = await redis.keys(`held:${name}*`)
    if (left.length > 0) await redis.unlink(...left)
    redis.disconnect()
  }
})
