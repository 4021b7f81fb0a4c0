import { expect, test } from 'vitest'
import type { TableState } from '../../../infrastructure/insight/index.ts'
import { shopConsole } from '../../testing/shop-console.ts'
import { ofUpkeep, upkeepOf } from './upkeep.ts'

const shop = shopConsole()

test('what will be trouble needs attention: a sequence near its end, an INVALID index', async () => {
  await shop.rows`create table product (id serial primary key)`
  await shop.rows`select setval('product_id_seq', 2000000000)`
  await shop.rows`create table code (id int)`
  await shop.rows`insert into code values (1), (1)`
  await expect(shop.rows`create unique index concurrently code_id on code (id)`).rejects.toThrow()
  const environment = shop.console.environment(shop.environment)
  if (!environment) throw new Error('the environment is missing')
  expect(await upkeepOf(environment)).toMatchObject([
    {
      band: 'degraded',
      subject: 'shop',
      text: 'has a sequence that is 93 % used up',
      detail: expect.stringContaining('public.product.id has reached 2,000,000,000 of 2,147,483,647'),
    },
    { band: 'notice', text: 'has an INVALID index, code_id', href: 'database/shop/tables?schema=public&table=code' },
  ])
})

test('a slower statement and dead rows that stay say since when and why', () => {
  const window = (meanMs: number) => ({ calls: 1, load: meanMs / 1_000, rows: 1, meanMs })
  const query = {
    query: '7',
    accounts: ['a'],
    calls: 9,
    totalMs: 9,
    deviationMs: 0,
    maxMs: 9,
    rows: 9,
    hitBlocks: 0,
    readBlocks: 0,
    tempBlocks: 0,
    text: 'select 1',
    origin: { service: 'worker', job: 'reminders' },
    slower: true,
  }
  const table = { schema: 'public', name: 'orders' } as TableState
  const found = ofUpkeep({
    name: 'shop',
    slower: [
      { ...query, deploy: { service: 'worker', version: '2', at: 5, before: window(2), after: window(30) } },
      { ...query, query: '8' },
    ],
    sequences: [],
    invalid: [],
    heldBack: [
      { table, words: 'why' },
      { table, words: 'why else' },
    ],
  })
  expect(found).toMatchObject([
    {
      band: 'degraded',
      since: 5,
      text: 'has a statement that is 15 times slower since worker 2',
      detail: 'Sent by worker reminders. Its mean rose from 2.0 to 30.0 ms: select 1',
      href: 'database/shop/queries?query=7',
    },
    { text: 'has dead rows in 2 tables that VACUUM cannot remove', detail: 'why' },
  ])
})
