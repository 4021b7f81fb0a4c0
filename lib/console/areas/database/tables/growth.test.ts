import { expect, test } from 'vitest'
import { keepPartitions } from '../../../series/partitions.ts'
import { stepOf } from '../../../series/steps.ts'
import { sampleWriter } from '../../../series/write.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { shopConsole } from '../../../testing/shop-console.ts'
import { tableView } from '../views/table.ts'
import { growthOf, sizeSeries } from './growth.ts'

const shop = shopConsole()
const HOUR = 3_600_000
const MB = 1_000_000

async function growth(table: string) {
  const filters = { name: 'shop', schema: 'public', table }
  const { data } = await shop.console.view(tableView, shop.environment, actorOf('viewer'), filters)
  if (data.growth?.status !== 'up') throw new Error('the sizes could not be read')
  return data.growth.data
}

test('a table shows its size over a day and what it grew by; of one whose size is not kept nothing is made up', async () => {
  const { store } = shop.console
  const writer = sampleWriter(shop.environment)
  const now = Date.now()
  const sizes = (table: string, hoursAgo: number[]) =>
    hoursAgo.map(ago => ({
      step: stepOf(now - ago * HOUR),
      ...sizeSeries('shop', `public.${table}`),
      kind: 'gauge' as const,
      value: (100 - ago) * MB,
    }))
  await store.db.transaction(async tx => {
    await keepPartitions(tx, now)
    await writer.write(tx, [...sizes('orders', [3, 2, 1]), ...sizes('fresh', [0.5])], now)
  })
  const orders = await growth('orders')
  expect(orders.bytes?.filter(bytes => bytes !== null)).toEqual([97 * MB, 98 * MB, 99 * MB])
  expect(orders.perDay).toBeCloseTo(24 * MB, -6)
  const fresh = await growth('fresh')
  expect([fresh.bytes?.filter(bytes => bytes !== null), fresh.perDay]).toEqual([[99.5 * MB], undefined])
  expect(await growth('small')).not.toHaveProperty('bytes')

  const environment = shop.console.environment(shop.environment)
  const listed = environment && (await growthOf(environment, 'shop', ['public.small', 'public.fresh', 'public.orders']))
  expect(listed).toMatchObject({ data: new Map([['public.orders', orders.perDay]]) })
})
