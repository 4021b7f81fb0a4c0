import postgres from 'postgres'
import { beforeAll, expect, test, vi } from 'vitest'
import { postgresAccess } from '../kv/index.ts'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { memorySyncStore } from './adapters/memory.ts'
import { postgresSyncStore } from './adapters/postgres.ts'
import { createSyncs } from './index.ts'
import { syncContract } from './sync.contract.ts'
import { syncsOver } from './sync.ts'

const database = testLibraryDatabase('sync')

beforeAll(async () => {
  await database.sql`create table product (id text primary key, price int not null)`
})

syncContract('memory', async () => {
  const store = memorySyncStore()
  const syncs = syncsOver(store)
  return { syncs, another: async () => syncsOver(store), close: () => syncs.close() }
})

syncContract('Postgres', async () => {
  await database.sql`truncate substation_app.sync, substation_app.sync_item`
  const syncs = await createSyncs({ sql: database.sql })
  return { syncs, another: () => createSyncs({ sql: database.sql }), close: () => syncs.close() }
})

const priced = (name: string, items: { id: string; price: number }[]) => ({
  name,
  strategy: 'full' as const,
  pull: async () => ({ items }),
  id: ({ id }: { id: string; price: number }) => id,
})

test('items and what is noted of them are kept together in Postgres, or neither', async () => {
  const syncs = await createSyncs({ sql: database.sql })
  let isBroken = true
  const sync = syncs.define({
    ...priced('together', [{ id: 'a', price: 1 }]),
    async apply(items, { in: transaction }) {
      if (!transaction) throw new Error('no transaction')
      for (const { id, price } of items) await transaction`insert into product values (${id}, ${price})`
      if (isBroken) throw new Error('after the row')
    },
  })
  await expect(sync.run()).rejects.toThrow('after the row')
  expect(await database.sql`select 1 from product`).toEqual([])
  isBroken = false
  expect(await sync.run()).toMatchObject({ changed: 1 })
  expect(await database.sql`select id, price from product`).toEqual([{ id: 'a', price: 1 }])
})

test('a process that was away for longer than its lease keeps nothing of its page', async () => {
  const access = await postgresAccess({ sql: database.sql }, { timeoutMs: 5_000, name: 'sync' })
  for (const store of [memorySyncStore(), postgresSyncStore(access)]) {
    const first = await store.take('fenced', 1)
    const second = await vi.waitFor(async () => {
      const held = await store.take('fenced', 60_000)
      expect(held?.fence).toBe(2)
      return held
    })
    if (!first || !second) throw new Error('it was not taken')
    const keep = (held: typeof first, version: string) =>
      store.unit('fenced', held, async unit => {
        await unit.see([{ id: 'a', version }], 'text')
        await unit.save(version)
      })
    await expect(keep(first, 'late')).rejects.toMatchObject({ code: 'SYNC_LOST' })
    expect(await store.renew('fenced', first)).toBe(false)
    await store.release('fenced', first)
    expect(await store.read('fenced')).toEqual({ running: true })
    await keep(second, 'b')
    await store.release('fenced', second)
    expect(await store.read('fenced')).toEqual({ running: false, state: 'b' })
  }
})

test('a pull that takes longer than the lease keeps it', async () => {
  const heldUntil = async () =>
    (await database.sql`select held_until as at from substation_app.sync where name = 'slow'`)[0]?.at
  const syncs = await createSyncs({ sql: database.sql })
  const sync = syncs.define({
    ...priced('slow', []),
    leaseMs: 200,
    async pull() {
      const first = Number(await heldUntil())
      await vi.waitFor(async () => expect(Number(await heldUntil())).toBeGreaterThan(first + 250), { timeout: 20_000 })
      return { items: [{ id: 'a', price: 1 }] }
    },
    apply: vi.fn(),
  })
  expect(await sync.run()).toMatchObject({ status: 'completed', changed: 1 })
  expect(await heldUntil()).toBeNull()
})

test('without its tables, and without Postgres, it says what to do', async () => {
  const bare = postgres(database.url, { max: 2, onnotice: () => {}, connection: { search_path: 'nowhere' } })
  await database.sql`alter table substation_app.sync rename to sync_away`
  const syncs = await createSyncs({ sql: bare })
  const sync = syncs.define({ ...priced('bare', []), apply: vi.fn() })
  await expect(sync.run()).rejects.toMatchObject({
    code: 'SYNC_REFUSED',
    nextStep: expect.stringContaining("libraryMigrations('sync')"),
  })
  await expect(sync.receive([{ id: 'a', price: 1 }])).rejects.toMatchObject({ code: 'SYNC_REFUSED' })
  await database.sql`alter table substation_app.sync_away rename to sync`
  await bare.end()

  const nowhere = postgres('postgres://localhost:1/none', { max: 1, onnotice: () => {} })
  const away = (await createSyncs({ sql: nowhere })).define({ ...priced('away', []), apply: vi.fn() })
  await expect(away.run()).rejects.toMatchObject({ code: 'SYNC_UNREACHABLE', retryable: true })
  await nowhere.end()
})
