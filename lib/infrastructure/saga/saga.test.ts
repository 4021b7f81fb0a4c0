import postgres from 'postgres'
import { expect, test, vi } from 'vitest'
import { postgresAccess } from '../kv/index.ts'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { memorySagaStore } from './adapters/memory.ts'
import { postgresSagaStore } from './adapters/postgres.ts'
import { createSagas, StepRefusedError, saga } from './index.ts'
import { newRecord } from './record.ts'
import { sagaContract } from './saga.contract.ts'
import { sagasOver } from './sagas.ts'

const database = testLibraryDatabase('saga')

sagaContract('memory', async () => {
  const store = memorySagaStore()
  const sagas = sagasOver(store, () => undefined)
  return { sagas, another: async () => sagasOver(store, () => undefined), close: () => sagas.close() }
})

sagaContract('Postgres', async () => {
  await database.sql`truncate substation_app.saga`
  const sagas = await createSagas({}, { sql: database.sql })
  return { sagas, another: () => createSagas({}, { sql: database.sql }), close: () => sagas.close() }
})

test('without a database they are in memory', async () => {
  const sagas = await createSagas()
  const { id } = await sagas.define(saga<null>('here').step('one', { run: () => undefined })).start(null)
  sagas.work()
  expect(await sagas.settled(id)).toMatchObject({ state: 'completed' })
  expect(sagas.reports()).toMatchObject([{ shared: false }])
  await sagas.close()
})

test('a transactional step is kept with what it wrote, or neither is; its compensation too', async () => {
  await database.sql`create table stock (id int primary key, taken int not null)`
  await database.sql`insert into stock values (1, 0)`
  const taken = async () => (await database.sql`select taken from stock`)[0]?.taken
  const seen: unknown[] = []
  const sagas = await createSagas({}, { sql: database.sql })
  const definition = saga<number>('stock')
    .step('take', {
      transactional: true,
      retry: { attempts: 2, initialDelayMs: 1 },
      async run({ input, attempt, in: sql }) {
        await sql?.unsafe('update stock set taken = taken + $1 where id = 1', [input])
        if (attempt === 1) throw new Error('after the row')
        return input
      },
      async compensate({ result, attempt, in: sql }) {
        await sql?.unsafe('update stock set taken = taken - $1 where id = 1', [result ?? 0])
        seen.push(attempt)
        if (attempt === 1) throw new Error('after the row')
      },
      compensationRetry: { attempts: 2, initialDelayMs: 1 },
    })
    .step('pay', {
      run() {
        throw new StepRefusedError('declined')
      },
    })
  const { id } = await sagas.define(definition).start(3)
  expect(await taken()).toBe(0)
  sagas.work({ pollMs: 10 })
  expect(await sagas.settled(id)).toMatchObject({ state: 'compensated' })
  expect(seen).toEqual([1, 2])
  expect(await taken()).toBe(0)
  await sagas.close()
})

test('a saga is started exactly if the transaction that starts it commits', async () => {
  const sagas = await createSagas({}, { sql: database.sql })
  const orders = sagas.define(saga<null>('in-transaction').step('one', { run: () => undefined }))
  sagas.work({ pollMs: 10 })
  const rolledBack = database.sql.begin(async sql => {
    await orders.start(null, { in: sql })
    throw new Error('no')
  })
  await expect(rolledBack).rejects.toThrow('no')
  expect(await sagas.list({ saga: 'in-transaction' })).toEqual([])
  const { id } = await database.sql.begin(sql => orders.start(null, { in: sql }))
  expect(await sagas.settled(id)).toMatchObject({ state: 'completed' })
  await sagas.close()
})

test('one that was away for longer than its lease keeps nothing, and takes nothing from who took over', async () => {
  const access = await postgresAccess({ sql: database.sql }, { timeoutMs: 5_000, name: 'saga' })
  const definition = saga<null>('fenced').step('one', { run: () => undefined })
  for (const store of [memorySagaStore(), postgresSagaStore(access)]) {
    const record = newRecord(definition, 'null')
    const id = `fenced-${store.shared}`
    await store.add({ id, saga: 'fenced', record })
    const [first] = await store.take(['fenced'], 1, 1)
    const second = await vi.waitFor(async () => {
      const [taken] = await store.take(['fenced'], 1, 60_000)
      expect(taken?.held.fence).toBe(2)
      return taken
    })
    if (!first || !second) throw new Error('it was not taken')
    const kept = { state: 'running' as const, record }
    await expect(store.keep(first.held, kept)).rejects.toMatchObject({ code: 'SAGA_LOST' })
    await expect(store.keepWith(first.held, async () => kept)).rejects.toMatchObject({ code: 'SAGA_LOST' })
    await expect(store.release(first.held, { ...kept, dueInMs: 0 })).rejects.toMatchObject({ code: 'SAGA_LOST' })
    expect(await store.renew(first.held)).toBe(false)
    expect(await store.take(['fenced'], 1, 1)).toEqual([])
    expect(await store.renew(second.held)).toBe(true)
    expect(await store.release(second.held, { ...kept, state: 'completed', dueInMs: undefined })).toBe(true)
  }
})

test('a step that takes longer than the lease keeps it', async () => {
  const heldUntil = async () =>
    Number((await database.sql`select held_until as at from substation_app.saga where saga = 'long'`)[0]?.at)
  let runs = 0
  const sagas = await createSagas({}, { sql: database.sql })
  const definition = saga<null>('long').step('one', {
    async run() {
      runs++
      const first = await heldUntil()
      await vi.waitFor(async () => expect(await heldUntil()).toBeGreaterThan(first + 350), { timeout: 20_000 })
    },
  })
  const { id } = await sagas.define(definition).start(null)
  sagas.work({ pollMs: 10, leaseMs: 300 })
  expect(await sagas.settled(id)).toMatchObject({ state: 'completed' })
  expect(runs).toBe(1)
  await sagas.close()
})

test('one that ends its process again and again is given up, and compensated', async () => {
  const sagas = await createSagas({}, { sql: database.sql })
  const definition = saga<null>('deadly').step('one', {
    run: () => undefined,
    retry: { attempts: 2 },
  })
  const { id } = await sagas.define(definition).start(null)
  const record = newRecord(definition, 'null')
  const [step] = record.steps
  if (step) record.steps = [{ ...step, state: 'running', attempts: 22 }]
  await database.sql`update substation_app.saga set record = ${JSON.stringify(record)} where id = ${id}`
  sagas.work({ pollMs: 10 })
  expect(await sagas.settled(id)).toMatchObject({
    state: 'compensated',
    error: { message: 'its process ended in it again and again, 22 times' },
  })
  await sagas.close()
})

test('without its table, and without Postgres, it says what to do', async () => {
  const definition = saga<null>('bare').step('one', { run: () => undefined })
  const told: unknown[] = []
  await database.sql`alter table substation_app.saga rename to saga_away`
  const sagas = await createSagas({ onError: error => told.push(error) }, { sql: database.sql })
  const bare = sagas.define(definition)
  const missing = { code: 'SAGA_REFUSED', nextStep: expect.stringContaining("libraryMigrations('saga')") }
  await expect(bare.start(null)).rejects.toMatchObject(missing)
  await expect(sagas.retry('any')).rejects.toMatchObject(missing)
  sagas.work({ pollMs: 10 })
  await vi.waitFor(() => expect(told).toContainEqual(expect.objectContaining({ code: 'SAGA_REFUSED' })))
  sagas.reports()
  await vi.waitFor(() =>
    expect(sagas.reports()).toMatchObject([{ unknownBecause: expect.stringContaining('does not exist'), failed: [] }]),
  )
  await database.sql`alter table substation_app.saga_away rename to saga`
  const { id } = await bare.start(null)
  expect(await sagas.settled(id)).toMatchObject({ state: 'completed' })
  await sagas.close()

  const nowhere = postgres('postgres://localhost:1/none', { max: 1, onnotice: () => {} })
  const away = (await createSagas({}, { sql: nowhere })).define(definition)
  await expect(away.start(null)).rejects.toMatchObject({ code: 'SAGA_UNREACHABLE', retryable: true })
  await nowhere.end()
})
