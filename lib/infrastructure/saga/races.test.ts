import { expect, test, vi } from 'vitest'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { memorySagaStore } from './adapters/memory.ts'
import { createSagas, SagaError, StepRefusedError, saga } from './index.ts'
import type { SagaAct } from './port.ts'
import { sagasOver } from './sagas.ts'
import type { SagaStore } from './store.ts'

const database = testLibraryDatabase('saga')
const POLL = { pollMs: 10 }

/** A person asks for something at the very moment in which a method of the store is called for the saga in `id`. */
function askingStore(at: 'keep' | 'release', act: SagaAct['act'], when: (step: number) => boolean) {
  const store = memorySagaStore()
  const asked = { act, at: 1, by: 'mia' }
  let calls = 0
  const first = async (id: string) => {
    if (when(++calls)) await store.ask(id, asked)
  }
  const asking: SagaStore = {
    ...store,
    async keep(held, kept) {
      if (at === 'keep') await first(held.id)
      return store.keep(held, kept)
    },
    async release(held, kept) {
      if (at === 'release') await first(held.id)
      return store.release(held, kept)
    },
  }
  return asking
}

async function carriedOut(store: SagaStore, fails = false) {
  const did: string[] = []
  const sagas = sagasOver(store, error => {
    throw error
  })
  const definition = saga<null>('race')
    .step('one', { run: () => did.push('one'), compensate: () => did.push('undo one') })
    .step('two', {
      run() {
        did.push('two')
        if (fails) throw new StepRefusedError('no')
      },
      compensate: () => did.push('undo two'),
    })
  const { id } = await sagas.define(definition).start(null)
  sagas.work(POLL)
  const run = await sagas.settled(id)
  await sagas.close()
  return { did, run }
}

test('asked to compensate just before a step begins, it does not begin', async () => {
  // Kept: one begins, one is done, two begins.
  const { did, run } = await carriedOut(askingStore('keep', 'compensate', call => call === 3))
  expect(did).toEqual(['one', 'undo one'])
  expect(run).toMatchObject({ state: 'compensated', steps: [{}, { state: 'pending', attempts: 0 }] })
})

test('asked to compensate just before its completion is noted, it is compensated', async () => {
  const { did, run } = await carriedOut(askingStore('release', 'compensate', call => call === 1))
  expect(did).toEqual(['one', 'two', 'undo two', 'undo one'])
  expect(run).toMatchObject({ state: 'compensated', acts: [{ by: 'mia' }] })
})

test('a step that was given up writes nothing more in its transaction, nor in a savepoint of it', async () => {
  await database.sql`create table written (what text not null)`
  const refused: unknown[] = []
  const gaveUp = Promise.withResolvers<void>()
  const sagas = await createSagas({}, { sql: database.sql })
  const definition = saga<null>('late').step('one', {
    transactional: true,
    timeoutMs: 50,
    retry: { attempts: 2, initialDelayMs: 1 },
    async run({ attempt, in: sql }) {
      if (!sql) throw new Error('no transaction')
      if (attempt === 2) return void (await sql.savepoint(inner => inner`insert into written values ('second')`))
      await sql`insert into written values ('first')`
      await sql.savepoint(async inner => {
        await gaveUp.promise
        for (const write of [() => sql`insert into written values ('late')`, () => inner.unsafe('select 1')])
          try {
            await write()
          } catch (error) {
            refused.push(error)
          }
      })
    },
  })
  const { id } = await sagas.define(definition).start(null)
  sagas.work(POLL)
  await vi.waitFor(async () => expect((await sagas.find(id))?.steps).toMatchObject([{ attempts: 2 }]))
  gaveUp.resolve()
  expect(await sagas.settled(id)).toMatchObject({ state: 'completed' })
  await vi.waitFor(() => expect(refused).toHaveLength(2))
  expect(refused).toMatchObject([{ code: 'SAGA_LOST' }, { code: 'SAGA_LOST' }])
  expect(await database.sql`select what from written`).toEqual([{ what: 'second' }])
  await sagas.close()
})

test('an act is refused while another one is asked for', async () => {
  for (const options of [{}, { sql: database.sql }]) {
    const sagas = await createSagas({}, options)
    const { id } = await sagas.define(saga<null>('asked').step('one', { run: () => undefined })).start(null)
    await sagas.compensate(id)
    await expect(sagas.retry(id)).rejects.toMatchObject({
      code: 'SAGA_STATE',
      message: 'A compensation was asked for and is not carried out yet',
    })
    sagas.work(POLL)
    expect(await sagas.settled(id)).toMatchObject({ state: 'compensated', acts: [{ act: 'compensate' }] })
    await sagas.close()
  }
})

test('what a process did last is not written over when it stops while the database fails', async () => {
  const told: unknown[] = []
  const store = memorySagaStore()
  const begun = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const failing: SagaStore = {
    ...store,
    async keepWith(held, work) {
      await store.keepWith(held, work)
      // Committed, and the answer was lost.
      throw new SagaError('the connection is gone', { code: 'SAGA_UNREACHABLE', retryable: true })
    },
  }
  const sagas = sagasOver(failing, error => told.push(error))
  let runs = 0
  const definition = saga<null>('draining').step('one', {
    transactional: true,
    run() {
      runs++
      begun.resolve()
      return go.promise
    },
  })
  const { id } = await sagas.define(definition).start(null)
  sagas.work({ pollMs: 10, leaseMs: 150 })
  await begun.promise
  const closed = sagas.close()
  go.resolve()
  await closed
  expect(told).toMatchObject([{ code: 'SAGA_UNREACHABLE' }])
  const next = sagasOver(store, () => undefined)
  next.define(saga<null>('draining').step('one', { transactional: true, run: () => runs++ }))
  next.work(POLL)
  expect(await next.settled(id)).toMatchObject({ state: 'completed' })
  expect(runs).toBe(1)
  await next.close()
})

test('one whose lease another has taken keeps nothing more, and its step is told to stop', async () => {
  const told: unknown[] = []
  const sagas = await createSagas({ onError: error => told.push(error) }, { sql: database.sql })
  const begun = Promise.withResolvers<AbortSignal>()
  const definition = saga<null>('lost').step('one', {
    run({ signal, attempt }) {
      if (attempt > 1) return
      begun.resolve(signal)
      return new Promise(() => {})
    },
  })
  const { id } = await sagas.define(definition).start(null)
  sagas.work({ pollMs: 10, leaseMs: 150 })
  const signal = await begun.promise
  await database.sql`update substation_app.saga set fence = fence + 1, held_until = null where id = ${id}`
  await vi.waitFor(() => expect(told).toContainEqual(expect.objectContaining({ code: 'SAGA_LOST' })))
  expect(signal.aborted).toBe(true)
  expect(await sagas.settled(id)).toMatchObject({ state: 'completed', steps: [{ attempts: 2 }] })
  await sagas.close()
})

test('a database that is away for a while loses nothing: the step runs again under the same key', async () => {
  const told: unknown[] = []
  const keys: string[] = []
  const sagas = await createSagas({ onError: error => told.push(error) }, { sql: database.sql })
  const definition = saga<null>('away').step('one', {
    async run({ idempotencyKey }) {
      if (keys.push(idempotencyKey) === 1) await database.sql`alter table substation_app.saga rename to saga_gone`
    },
  })
  const { id } = await sagas.define(definition).start(null)
  sagas.work({ pollMs: 10, leaseMs: 150 })
  await vi.waitFor(() => expect(told).toContainEqual(expect.objectContaining({ code: 'SAGA_REFUSED' })))
  await database.sql`alter table substation_app.saga_gone rename to saga`
  expect(await sagas.settled(id)).toMatchObject({ state: 'completed', steps: [{ attempts: 2 }] })
  expect(new Set(keys)).toEqual(new Set([`${id}:one`]))
  await sagas.close()
})

test('an error that asks to wait longer than the step would is not tried again before that', async () => {
  const sagas = await createSagas()
  const definition = saga<null>('limited').step('one', {
    run() {
      throw Object.assign(new Error('too many'), { retryAfterMs: 3_600_000 })
    },
  })
  const { id } = await sagas.define(definition).start(null)
  sagas.work(POLL)
  await vi.waitFor(async () => expect((await sagas.find(id))?.nextAt).toBeGreaterThan(Date.now() + 3_000_000))
  await sagas.close()
})
