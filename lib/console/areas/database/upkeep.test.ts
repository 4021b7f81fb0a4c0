import { expect, test } from 'vitest'
import {
  indexesQuestion,
  replicationQuestion,
  sequencesQuestion,
  type TableState,
  writeAheadQuestion,
} from '../../../infrastructure/insight/index.ts'
import type { Part } from '../../platform/part/part.ts'
import type { PostgresServer } from '../../servers/postgres/servers.ts'
import { PostgresServers } from '../../servers/resources.ts'
import { shopConsole } from '../../testing/shop-console.ts'
import { judgeDatabases } from './judge.ts'
import { upkeepOf } from './upkeep.ts'
import { ofUpkeep, type Upkeep } from './upkeep-items.ts'

const shop = shopConsole()
const up = <T>(data: T): Part<T> => ({ status: 'up', data, at: 9 })
const nothing: Upkeep = {
  name: 'shop',
  slower: up([]),
  sequences: up([]),
  invalid: up([]),
  heldBack: up([]),
  answers: true,
}

function environment() {
  const found = shop.console.environment(shop.environment)
  if (!found) throw new Error('the environment is missing')
  return found
}

test('what will be trouble needs attention: a sequence near its end, an INVALID index', async () => {
  await shop.rows`create table product (id serial primary key)`
  await shop.rows`select setval('product_id_seq', 2000000000)`
  await shop.rows`create table code (id int)`
  await shop.rows`insert into code values (1), (1)`
  await expect(shop.rows`create unique index concurrently code_id on code (id)`).rejects.toThrow()
  expect(await upkeepOf(environment())).toMatchObject([
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
  const found = ofUpkeep(
    {
      ...nothing,
      slower: up([
        { ...query, deploy: { service: 'worker', version: '2', at: 5, before: window(2), after: window(30) } },
        { ...query, query: '8' },
      ]),
      heldBack: up([
        { table, words: 'why' },
        { table, words: 'why else' },
      ]),
    },
    9,
  )
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

test('what can no longer be read stays with its age; what was not found before is unknown', async () => {
  await shop.rows`create table code (id int)`
  await shop.rows`insert into code values (1), (1)`
  await expect(shop.rows`create unique index concurrently code_id on code (id)`).rejects.toThrow()
  const server = environment().of(PostgresServers).find('shop')
  await upkeepOf(environment())
  await shop.rows.begin(async locks => {
    await locks`lock table pg_constraint, pg_sequence in access exclusive mode`
    await server?.read(indexesQuestion, { maxAge: 0 })
    await server?.read(sequencesQuestion, { maxAge: 0 })
    expect(await upkeepOf(environment(), Date.now() + 600_000)).toMatchObject([
      {
        band: 'unclear',
        subject: 'shop',
        text: 'could not be checked for sequences near their end',
        detail: expect.stringContaining('lock timeout'),
      },
      {
        text: 'has an INVALID index, code_id',
        detail: expect.stringMatching(/ Read 10 min ago, and not since: .*lock timeout\.$/),
      },
    ])
  })
})

test('a server that does not answer at all is reported once, by the health area', () => {
  const down = { status: 'down', reason: 'refused', since: 1 } as const
  expect(ofUpkeep({ ...nothing, slower: down, invalid: down, answers: false }, 9)).toEqual([])
  expect(ofUpkeep({ ...nothing, slower: down, invalid: down }, 9)).toMatchObject([
    { text: 'could not be checked for statements that became slower and INVALID indexes', since: 1 },
  ])
  const stale = { ...down, status: 'stale', data: [], at: 1 } as const
  expect(ofUpkeep({ ...nothing, heldBack: stale }, 9)).toMatchObject([{ band: 'unclear' }])
})

test('what of replication and archive cannot be read of a server that answers is reported, not left out', async () => {
  const servers = environment().of(PostgresServers)
  const down = { status: 'down', reason: 'permission denied for function pg_ls_waldir', since: 1 } as const
  const unreadable: readonly unknown[] = [replicationQuestion, writeAheadQuestion]
  const partly = servers.servers.map(
    (server): PostgresServer => ({
      ...server,
      read: (question, options) =>
        unreadable.includes(question) ? Promise.resolve(down) : server.read(question, options),
    }),
  )
  const { items, known } = await judgeDatabases({ ...servers, servers: partly }, 0)
  expect(known).toBe(true)
  expect(items).toMatchObject([
    { band: 'unclear', text: 'could not be checked for replication and the archive of its write-ahead log' },
  ])
})
