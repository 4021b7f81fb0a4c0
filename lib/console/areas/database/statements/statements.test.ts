import { expect, test } from 'vitest'
import { withOrigin } from '../../../../infrastructure/database/index.ts'
import { statementsQuestion } from '../../../../infrastructure/insight/index.ts'
import { outages } from '../../../platform/part/outages.ts'
import { labelsOf } from '../../../series/names.ts'
import { postgresServers } from '../../../servers/postgres/servers.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { refusalOf } from '../../../testing/outcomes.ts'
import { shopConsole } from '../../../testing/shop-console.ts'
import { planView } from '../views/plan.ts'
import { queriesView } from '../views/queries.ts'
import { queryView } from '../views/query.ts'
import { deployOf, isSlower, type StatementWindow, sinceDeploy } from './history.ts'
import { planSource } from './plan-source.ts'
import { statementSource } from './sampled.ts'
import { statementTotals } from './totals.ts'

const shop = shopConsole()
const viewer = actorOf('viewer')

async function queries(filters: Record<string, string> = {}) {
  const { data } = await shop.console.view(queriesView, shop.environment, viewer, { name: 'shop', ...filters })
  if (data.queries?.status !== 'up') throw new Error('statements are not known')
  return data.queries.data
}

async function counted() {
  await shop.rows`create extension pg_stat_statements`
  await shop.rows`create table product (id int primary key, maker int)`
  await shop.rows`insert into product select i, i % 100 from generate_series(1, 20000) i`
  await shop.rows`analyze product`
  for (const maker of [1, 2, 3])
    await shop.rows.unsafe(
      withOrigin('select id as by_maker from product where maker = $1', { service: 'checkout', route: '/orders' }),
      [maker],
    )
}

test('statements are listed by what they cost, with the service that sends them', async () => {
  await counted()
  const all = await queries()
  const row = all.rows.find(({ text }) => text?.includes('by_maker'))
  expect(row).toMatchObject({
    calls: 3,
    rows: 600,
    text: 'select id as by_maker from product where maker = $1',
    origin: { service: 'checkout', route: '/orders' },
    slower: false,
  })
  expect(row?.now).toBeUndefined()
  expect(all.services).toEqual(['checkout', 'substation-insight'])
  expect(all.missing).toBeUndefined()
  expect((await queries({ service: 'checkout' })).rows.map(({ query }) => query)).toEqual([row?.query])
  expect((await queries({ q: 'BY_MAKER' })).total).toBe(1)
  expect((await queries({ state: 'slower' })).rows).toEqual([])
  const { data } = await shop.console.view(queryView, shop.environment, viewer, { name: 'shop', query: row?.query })
  expect(data.query).toMatchObject({ status: 'up', data: { row: { calls: 3 }, resetAt: expect.any(Number) } })
  expect(data.history).toMatchObject({ status: 'up', data: { step: expect.any(Number) } })
})

test('without pg_stat_statements the page says how to get it', async () => {
  expect(await queries()).toMatchObject({
    rows: [],
    missing: { why: 'not-installed', nextStep: 'CREATE EXTENSION pg_stat_statements;' },
  })
})

test('literals of statements that Postgres does not normalize are not shown', async () => {
  await counted()
  await shop.rows.unsafe(`do $$ begin perform 'hunter2'; end $$`)
  const texts = (await queries()).rows.map(({ text }) => text).join('\n')
  expect(texts).not.toContain('hunter2')
})

test('a plan is shown to those who may, and refused in words where there is none', async () => {
  await counted()
  const row = (await queries()).rows.find(({ text }) => text?.includes('by_maker'))
  const ask = (query: string) =>
    shop.console.view(planView, shop.environment, actorOf('operator'), { name: 'shop', query })
  const { data } = await ask(row?.query ?? '')
  expect(data.plan).toMatchObject({
    status: 'up',
    data: {
      parameters: 1,
      judged: {
        line: 'Seq Scan public.product',
        findings: [{ kind: 'sequential-scan' }],
        advice: [{ columns: ['maker'] }],
      },
    },
  })
  const none = (await queries()).rows.find(({ text }) => /^create table/i.test(text ?? ''))
  expect((await ask(none?.query ?? '')).data.plan).toMatchObject({
    status: 'up',
    data: { refused: { message: expect.stringContaining('have plans') } },
  })
  expect((await ask('1')).data.plan).toMatchObject({
    data: { refused: { message: expect.stringContaining('not known') } },
  })
  expect(
    await refusalOf(shop.console.view(planView, shop.environment, viewer, { name: 'shop', query: '1' })),
  ).toMatchObject({ code: 'forbidden' })
})

test('a plan is measured with values, read-only, and says where the time went', async () => {
  await counted()
  const row = (await queries()).rows.find(({ text }) => text?.includes('by_maker'))
  const run = await shop.act('database.measure-plan', { statement: row?.query, values: ['7'] })
  expect(run).toMatchObject({
    status: 'succeeded',
    summary: expect.stringMatching(/^It took [\d.]+ ms\. Reads all of public\.product \(20,000 rows/),
    input: { values: '[hidden]' },
  })
  expect(run.items.sample).toMatchObject([
    {
      key: '001 Seq Scan public.product',
      message: expect.stringMatching(/^200 rows in [\d.]+ ms, 1 loop; expected 200 a loop$/),
    },
  ])
  expect(await refusalOf(shop.act('database.measure-plan', { statement: row?.query }))).toMatchObject({
    fields: { values: 'must be 1' },
  })
  expect(await refusalOf(shop.act('database.measure-plan', { statement: '1' }))).toMatchObject({ code: 'not_found' })
})

test('the source reports once a reading what happened in between, per second', async () => {
  await counted()
  const [{ url = '' } = {}] = shop.settings.environments[0]?.databases ?? []
  const servers = postgresServers([{ name: 'shop', url }], outages())
  const [server] = servers.servers
  if (!server) throw new Error('no server')
  const source = statementSource({
    ...servers,
    servers: [{ ...server, read: question => server.read(question, { maxAge: 0 }) }],
  })
  const sample = () => source.sample(AbortSignal.timeout(5_000))
  expect(await sample()).toEqual([])
  await shop.rows.unsafe('select count(*) as between_two from product where maker < $1', [50])
  const points = await sample()
  const value = (series: string) => points.find(point => point.series === series)?.value ?? 0
  expect(points.every(({ service }) => service === 'postgres:shop')).toBe(true)
  expect(value('statements_calls')).toBeGreaterThan(0)
  expect(value('statements_seconds')).toBeGreaterThan(0)
  const [{ id } = {}] =
    await shop.rows`select queryid::text as id from pg_stat_statements where query like '%between_two%' and query not like '%pg_stat%' and dbid = (select oid from pg_database where datname = current_database())`
  expect(value(`statement_calls{query="${id}"}`)).toBeGreaterThan(0)
  expect(value(`statement_rows{query="${id}"}`)).toBeCloseTo(value(`statement_calls{query="${id}"}`))
  await servers.close()
})

test('the plans of the statements that cost most are looked at, and another plan is another series', async () => {
  await counted()
  const [{ url = '' } = {}] = shop.settings.environments[0]?.databases ?? []
  const servers = postgresServers([{ name: 'shop', url }], outages())
  const [server] = servers.servers
  if (!server) throw new Error('no server')
  const look = async () => {
    const reader = {
      database: 'shop',
      server,
      read: () => server.read(statementsQuestion, { maxAge: 0 }),
    }
    const source = planSource(() => [reader])
    const points = await source.sample(AbortSignal.timeout(5_000))
    expect(await source.sample(AbortSignal.timeout(5_000))).toEqual([])
    return points.flatMap(({ series }) => (series.includes('product') ? [labelsOf(series)] : []))
  }
  for (let time = 0; time < 50; time++)
    await shop.rows.unsafe('select id as by_maker from product where maker = $1', [1])
  const [before] = (await look()).filter(({ plan }) => plan?.startsWith('Seq Scan'))
  expect(before).toMatchObject({ plan: 'Seq Scan public.product', query: expect.stringMatching(/^-?\d+$/) })
  await shop.rows`create index on product (maker)`
  const after = (await look()).find(({ query }) => query === before?.query)
  expect(after?.plan).toContain('product_maker_idx')
  expect(after?.shape).not.toBe(before?.shape)
  await servers.close()
})

test('totals are over all accounts, without what ran inside functions', () => {
  const entry = {
    queryId: '1',
    account: 'a',
    topLevel: true,
    calls: 1,
    totalMs: 10,
    meanMs: 10,
    deviationMs: 0,
    maxMs: 10,
    rows: 1,
    hitBlocks: 1,
    readBlocks: 0,
    tempBlocks: 0,
    walBytes: 0,
  }
  const statements = [
    { ...entry, id: '1.1' },
    { ...entry, id: '2.1', account: 'b', totalMs: 20, meanMs: 20, maxMs: 20 },
    { ...entry, id: '1.1.inner', topLevel: false, calls: 100 },
  ]
  expect(statementTotals({ at: 0, kept: 3, most: 9, statements })).toEqual([
    {
      query: '1',
      accounts: ['a', 'b'],
      calls: 2,
      totalMs: 30,
      deviationMs: 5,
      maxMs: 20,
      rows: 2,
      hitBlocks: 2,
      readBlocks: 0,
      tempBlocks: 0,
    },
  ])
})

test('a statement is slower since a deploy when its mean rose and it was called often enough', () => {
  const window = (meanMs: number, calls = 1): StatementWindow => ({
    calls,
    load: (calls * meanMs) / 1_000,
    rows: 0,
    meanMs,
  })
  const deploys = [
    { service: 'worker', at: 500_000, version: '2', previous: '1' },
    { service: 'checkout', at: 100_000, version: '5', previous: '4' },
  ]
  expect(deployOf(deploys, 'checkout')?.version).toBe('5')
  expect(deployOf(deploys, 'storefront')).toBeUndefined()
  expect(deployOf(deploys, undefined)?.service).toBe('worker')
  const history = { window: (_: string, from: number) => (from < 100_000 ? window(10) : window(40)) }
  const since = sinceDeploy(history, '1', deploys[1], 200_000)
  expect(since).toMatchObject({ service: 'checkout', version: '5', before: { meanMs: 10 }, after: { meanMs: 40 } })
  if (!since) throw new Error('not known')
  expect(isSlower(since, 200_000)).toBe(true)
  expect(isSlower(since, 110_000)).toBe(false)
  expect(isSlower({ ...since, after: window(15) }, 200_000)).toBe(false)
  expect(isSlower({ ...since, before: window(1), after: window(4) }, 200_000)).toBe(false)
  expect(sinceDeploy({ window: () => undefined }, '1', deploys[1], 200_000)).toBeUndefined()
})
