import { expect, test } from 'vitest'
import {
  createDatabase,
  createDatabaseRegistry,
  type DatabaseRegistry,
} from '../../../../infrastructure/database/index.ts'
import { joinFleet } from '../../../../infrastructure/fleet/index.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { shopConsole } from '../../../testing/shop-console.ts'
import { queriesView } from '../views/queries.ts'
import { queryView } from '../views/query.ts'

const shop = shopConsole()
const viewer = actorOf('viewer')

/** A process of the fleet with one pool on the database; what it sends in `work` is in its first report. */
async function processThat(
  name: string,
  work: (database: Awaited<ReturnType<typeof createDatabase>>) => Promise<unknown>,
) {
  const url = shop.settings.environments[0]?.databases[0]?.url ?? ''
  const database = await createDatabase({ name: 'shop', url }, { origin: () => ({ service: name }) })
  await work(database)
  const pools: DatabaseRegistry = createDatabaseRegistry()
  pools.add(database)
  const member = joinFleet({
    redisUrl: shop.settings.redisUrl,
    environment: shop.environment,
    service: 'checkout',
    instance: name,
    pools,
  })
  await member.start()
  return async () => {
    await member.stop()
    await database.close()
  }
}

async function queries(filters: Record<string, string> = {}) {
  const { data } = await shop.console.view(queriesView, shop.environment, viewer, { name: 'shop', ...filters })
  if (data.queries?.status !== 'up') throw new Error('statements are not known')
  return data.queries.data
}

test('the percentiles of a statement are those of the calls of all processes that report it', async () => {
  await shop.rows`create extension pg_stat_statements`
  await shop.rows`create table product (id int primary key, maker int)`
  await shop.rows`select count(*) as unreported from product`
  const ends = await Promise.all([
    processThat('checkout-1', async ({ sql }) => {
      for (let call = 0; call < 30; call++) await sql`select pg_sleep(${0}::float8) as nap`
      await sql`select id from product where maker in (${1}, ${2}) limit 7`
    }),
    processThat('checkout-2', async ({ sql }) => {
      for (let call = 0; call < 10; call++) await sql`select pg_sleep(${0.07}::float8) as nap`
      await sql.unsafe('SELECT id FROM product\n  WHERE maker IN ($1, $2, $3) LIMIT 9', [1, 2, 3])
    }),
  ])
  const { rows, measuredMissing } = await queries()
  expect(measuredMissing).toBeUndefined()
  const nap = rows.find(({ text }) => text?.includes('nap'))
  expect(nap?.measured).toMatchObject({ processes: 2, calls: 40 })
  // A quarter of the calls slept for 70 ms, and their bucket begins at 64: a mean of the two processes would be below it.
  expect(nap?.measured?.p95).toBeGreaterThanOrEqual(64)
  expect(nap?.measured?.p99).toBeGreaterThanOrEqual(nap?.measured?.p95 ?? 0)
  const [unreported] = (await queries({ q: 'as unreported' })).rows
  expect(unreported).toMatchObject({ calls: 1 })
  expect(unreported).not.toHaveProperty('measured')
  // Written otherwise and with lists of other lengths, but the same to Postgres and its parser.
  const lists = (await queries({ q: 'where maker in' })).rows
  expect(lists).toHaveLength(1)
  expect(lists[0]?.measured).toMatchObject({ processes: 2, calls: 2 })

  const sorted = (await queries({ sort: 'p95' })).rows.map(({ measured }) => measured?.p95)
  const known = sorted.filter(p95 => p95 !== undefined)
  expect(known).toEqual(known.toSorted((a, b) => b - a))
  // Unknown comes last, and is not zero.
  expect(sorted.slice(known.length).every(p95 => p95 === undefined)).toBe(true)
  expect(sorted.length).toBeGreaterThan(known.length)

  const { data } = await shop.console.view(queryView, shop.environment, viewer, { name: 'shop', query: nap?.query })
  expect(data.query).toMatchObject({ status: 'up', data: { row: { measured: nap?.measured } } })
  await Promise.all(ends.map(end => end()))
})
