import { expect, test } from 'vitest'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { Series } from '../../series/resource.ts'
import { shopConsole } from '../../testing/shop-console.ts'
import { Statements } from './statements/registry.ts'
import { readRows } from './statements/rows.ts'
import { growthOf } from './tables/growth.ts'

const shop = shopConsole()

/** The environment as it is while kept figures cannot be read. */
function withoutSeries(): ConsoleEnvironment {
  const environment = shop.console.environment(shop.environment)
  if (!environment) throw new Error('the environment is missing')
  const down = async () => ({ status: 'down' as const, reason: 'the store does not answer', since: 1 })
  const series = { ...environment.of(Series), range: down, deploys: down }
  const of = ((resource: never) =>
    (resource as unknown) === Series ? series : environment.of(resource)) as ConsoleEnvironment['of']
  return { ...environment, of }
}

test('while kept figures cannot be read, statements and tables say so instead of showing none', async () => {
  await shop.rows`create extension pg_stat_statements`
  const environment = withoutSeries()
  const reader = environment.of(Statements).find('shop')
  if (!reader) throw new Error('the database is not watched')
  expect(await readRows(environment, reader, 1)).toMatchObject({
    status: 'up',
    data: { historyMissing: 'the store does not answer' },
  })
  expect(await growthOf(environment, 'shop', ['public.product'])).toMatchObject({
    status: 'down',
    reason: 'the store does not answer',
  })
})
