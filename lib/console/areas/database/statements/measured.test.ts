import { expect, test, vi } from 'vitest'
import {
  createDatabase,
  createDatabaseRegistry,
  type DatabaseRegistry,
} from '../../../../infrastructure/database/index.ts'
import { joinFleet } from '../../../../infrastructure/fleet/index.ts'
import { statementsQuestion } from '../../../../infrastructure/insight/index.ts'
import type { FleetSnapshot } from '../../../fleet/port.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { labelsOf } from '../../../series/names.ts'
import { keepPartitions } from '../../../series/partitions.ts'
import { BUCKETS } from '../../../series/percentile.ts'
import { MINUTE, stepOf } from '../../../series/steps.ts'
import { sampleWriter } from '../../../series/write.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { shopConsole } from '../../../testing/shop-console.ts'
import { queriesView } from '../views/queries.ts'
import { queryView } from '../views/query.ts'
import { measuredSource } from './measured-source.ts'
import { Statements } from './registry.ts'

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

function reader() {
  const found = shop.console.environment(shop.environment)?.of(Statements).find('shop')
  if (!found) throw new Error('no reader')
  return found
}

/** Until the console has read the counts of this statement, and its text; it may have read others before. */
const counted = (words: string) =>
  vi.waitFor(
    async () => {
      const part = await reader().server.read(statementsQuestion, { maxAge: 0 })
      if (part.status !== 'up' || !part.data.available) throw new Error('the counts were not read')
      const texts = await reader().texts(part.data.snapshot.statements.map(({ queryId }) => queryId))
      expect([...texts.values()].some(({ shown: { text } }) => text.includes(words))).toBe(true)
    },
    { timeout: 30_000, interval: 100 },
  )

/** Until the console has read what so many processes report: they write it after they are registered. */
const reporting = (processes: number) =>
  vi.waitFor(
    async () => {
      const fleet = await shop.console.environment(shop.environment)?.of(Fleet).read(['statements'], { maxAge: 0 })
      const found = fleet?.status === 'up' ? fleet.data.processes : []
      expect(found.filter(({ details }) => details.get('statements')?.items.length)).toHaveLength(processes)
    },
    { timeout: 30_000, interval: 100 },
  )

async function queries(filters: Record<string, string> = {}) {
  const { data } = await shop.console.view(queriesView, shop.environment, viewer, { name: 'shop', ...filters })
  if (data.queries?.status !== 'up') throw new Error('statements are not known')
  // The console's own EXPLAIN of a statement is a statement as well.
  const { rows, ...rest } = data.queries.data
  return { ...rest, rows: rows.filter(({ text }) => !/^explain/i.test(text ?? '')) }
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
  await counted('as nap')
  await reporting(2)
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

test('what was measured in a minute is sampled once, of the statement of Postgres that it is', async () => {
  await shop.rows`create extension pg_stat_statements`
  await shop.rows.unsafe('select 1 as one, $1::int as other', [1])
  await counted('as one')
  const measured = (slow: number): FleetSnapshot => {
    const spread = new Array(BUCKETS).fill(0).with(1, 100).with(7, slow)
    const item = {
      database: 'pool',
      address: reader().server.place,
      text: 'select $0 as one, $1::int as other',
      calls: 100 + slow,
      totalMs: 1,
      spread,
    }
    const process = { id: 'a', state: 'up' as const, service: 'checkout', instance: 'a', lastBeatAt: 0, silentFor: 0 }
    const details = new Map([['statements', { rev: slow, at: 0, items: [item], total: 1 }]])
    return { redisNow: 0, skew: 0, processes: [{ ...process, details }] }
  }
  let at = 0
  let snapshot = measured(0)
  const source = measuredSource(
    [reader()],
    { read: async () => ({ status: 'up', data: snapshot, at: Date.now() }) },
    { monotonic: () => at },
  )
  const look = (seconds: number) => {
    at = seconds * 1_000
    return source.sample(AbortSignal.timeout(5_000))
  }
  expect(await look(0)).toEqual([])
  snapshot = measured(30)
  expect(await look(10)).toEqual([])
  const points = await look(60)
  expect(points).toMatchObject([{ service: 'postgres:shop', kind: 'spread', value: 0.5 }])
  expect(points[0]?.series).toMatch(/^statement_duration_seconds\{query="-?\d+"\}$/)
  expect(points[0]?.spread?.[1]).toBe(0)
  expect(points[0]?.spread?.[7]).toBe(30)
  await shop.console.store.db.transaction(async tx => {
    await keepPartitions(tx, Date.now())
    const cells = points.map(point => ({
      ...point,
      // Well within the hour that is shown, and in a step that is over.
      step: stepOf(Date.now() - 20 * MINUTE),
      kind: 'spread' as const,
      spread: [...(point.spread ?? [])],
    }))
    await sampleWriter(shop.environment).write(tx, cells, Date.now())
  })
  const query = labelsOf(points[0]?.series ?? '').query ?? ''
  const { data } = await shop.console.view(queryView, shop.environment, viewer, { name: 'shop', query })
  const p95 = data.history?.status === 'up' ? data.history.data.p95?.filter(ms => ms !== null) : undefined
  // 95 % of the way through the bucket from 32 to 64 ms.
  expect(p95).toEqual([expect.closeTo(62.4)])
  expect(await look(120)).toEqual([])
  // After a long silence it is not known when it was.
  snapshot = measured(90)
  expect(await look(1_000)).toEqual([])
})
