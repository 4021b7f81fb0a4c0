import { fileURLToPath } from 'node:url'
import { newId } from '../lib/core/ids.ts'
import { startProgram } from '../lib/infrastructure/testing/program.ts'
import { begin, expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { databaseUrl, ENVIRONMENT, product, secrets } from './product/product.ts'
import { expect, test } from './product/test.ts'

/** A service whose orders wait for a person once they are charged. */
async function startShop() {
  const service = `shop-${newId().toLowerCase()}`
  const program = await startProgram(fileURLToPath(new URL('./programs/saga-service.ts', import.meta.url)), {
    args: [service, databaseUrl('demo')],
    env: {
      SUBSTATION_REDIS_URL: product().redisUrl,
      SUBSTATION_ENVIRONMENT: ENVIRONMENT,
      SUBSTATION_FLEET_KEY: secrets().fleetKey,
    },
  })
  return { ...program, service, saga: `${service}-order` }
}

for (const phone of [false, true])
  test(`an order that cannot be shipped: found, its steps seen, retried, and another one compensated: ${phone ? '390' : '1440'} px`, async ({
    as,
  }) => {
    test.setTimeout(180_000)
    const { page, open } = await as('operator', { phone, colorScheme: phone ? 'dark' : 'light' })
    const { ask, close, service, saga } = await startShop()
    try {
      await ask('start', { key: 'order 1' })
      await ask('start', { key: 'order 2' })
      await open(`sagas?q=${service}`)
      await expect(page.getByText('Failed', { exact: true }).filter({ visible: true }).first()).toBeVisible({
        timeout: 40_000,
      })
      await expectAccessible(page, 'the list of sagas')
      await expectFits(page, 'the list of sagas')
      await page.getByRole('link', { name: saga }).click()
      const sheet = page.getByRole('dialog').first()
      await expect(sheet.getByText('ship: no carrier takes the parcel').first()).toBeVisible({ timeout: 20_000 })
      await expectAccessible(page, 'a saga')
      await expectFits(page, 'a saga')

      await sheet.getByRole('button', { name: /order 1/ }).click()
      await expect(sheet.getByText('Step ship failed')).toBeVisible()
      await expect(sheet.getByText('2 of 3 done')).toBeVisible()
      await expect(sheet.getByText('pivot: not compensated automatically after it')).toBeVisible()
      await expectAccessible(page, 'a run of a saga')
      await expectFits(page, 'a run of a saga')

      await ask('repair', {})
      const reason = `journey ${service}`
      await begin(page, 'Retry…')
      const retry = page.getByRole('dialog', { name: 'Retry a saga' })
      await retry.getByLabel('Reason').fill(reason)
      await expect(retry.getByText(`Step ship of ${saga} will be tried again`)).toBeVisible()
      await expectAccessible(page, 'the preview of a retry')
      await retry.getByRole('button', { name: 'Retry it' }).click()
      await expect(sheet.getByText('Completed')).toBeVisible({ timeout: 20_000 })
      await expect(sheet.getByText(reason)).toBeVisible()
      expect(await ask('did', { key: 'order 1' })).toEqual(['reserve order 1', 'charge order 1', 'ship order 1'])

      await sheet.getByRole('button', { name: 'All runs' }).click()
      await sheet.getByRole('button', { name: /order 2/ }).click()
      await begin(page, 'Compensate…')
      const back = page.getByRole('dialog', { name: 'Compensate a saga' })
      await back.getByLabel('Reason').fill(reason)
      await expect(back.getByText(`2 steps of ${saga} will be taken back: charge, reserve.`)).toBeVisible()
      await expect(back.getByText('It is beyond charge, after which its code goes forward only.')).toBeVisible()
      await back.getByRole('button', { name: 'Compensate it' }).click()
      await expect(sheet.getByText('Compensated').first()).toBeVisible({ timeout: 20_000 })
      expect(await ask('did', { key: 'order 2' })).toEqual([
        'reserve order 2',
        'charge order 2',
        'refund order 2',
        'free order 2',
      ])
      await expectAudited(page, open, reason, /Compensate/)
    } finally {
      await close()
    }
  })

test('a viewer sees sagas and their steps, and may act on none', async ({ as }) => {
  const { page, open } = await as('viewer')
  const { ask, close, service, saga } = await startShop()
  try {
    const id = await ask('start', { key: 'order 3' })
    await open(`sagas?q=${service}&saga=${encodeURIComponent(`${service}/${saga}`)}&run=${id}`)
    const sheet = page.getByRole('dialog').first()
    await expect(sheet.getByText('Step ship failed')).toBeVisible({ timeout: 40_000 })
    await expect(sheet.getByText('needs the operator role').filter({ visible: true })).toBeVisible()
    expect(await ask('did', { key: 'order 3' })).toEqual(['reserve order 3', 'charge order 3'])
  } finally {
    await close()
  }
})
