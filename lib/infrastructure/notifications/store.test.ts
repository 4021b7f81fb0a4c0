import { beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { postgresAccess } from '../kv/index.ts'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { memoryNotifications } from './adapters/memory.ts'
import { postgresNotifications } from './adapters/postgres.ts'
import type { KeptRecord } from './record.ts'
import type { NewNotifications, NotificationStore } from './store.ts'

const database = testLibraryDatabase('notifications')
const LOST = { code: 'NOTIFICATION_LOST' }
const record: KeptRecord = {
  message: { type: 'sale', content: { text: 'it begins' }, priority: 'urgent' },
  fallbackAfterMs: 1,
  stage: 0,
  sends: [],
}

describe.each(['memory', 'Postgres'])('what keeps notifications in %s', where => {
  let store: NotificationStore
  let id: string
  const add = (given: Partial<NewNotifications> = {}) =>
    store.add({ rows: [{ id, recipient: 'ada' }], type: 'sale', record, dueAt: undefined, ...given })
  beforeEach(async () => {
    const { sql } = database
    await sql`truncate substation_app.notification, substation_app.notification_key`
    store =
      where === 'memory'
        ? memoryNotifications()
        : postgresNotifications(await postgresAccess({ sql }, { timeoutMs: 10_000, name: 'test' }))
    id = newId()
  })

  test('what is due is found once, until its job should have begun', async () => {
    await add()
    expect(await store.due(10, 60_000)).toEqual([{ id, fence: 0, urgent: true }])
    expect(await store.due(10, 60_000)).toEqual([])
    const later = newId()
    await add({ rows: [{ id: later, recipient: 'bob' }] })
    expect(await store.due(10, 0)).toHaveLength(1)
    await expect.poll(() => store.due(10, 60_000)).toEqual([{ id: later, fence: 0, urgent: true }])
  })

  test('one process has it; once that has not shown for its lease another takes over, and the former changes nothing', async () => {
    await add()
    const former = await store.take(id, 20)
    const held = former?.held ?? { id, fence: -1, leaseMs: 1 }
    expect(former?.notification).toMatchObject({ id, recipient: 'ada', state: 'sending' })
    await expect.poll(() => store.take(id, 60_000)).toMatchObject({ held: { fence: 2 } })
    expect(await store.take(id, 60_000)).toBeUndefined()
    expect(await store.due(10, 0)).toEqual([])
    expect(await store.renew(held)).toBe(false)
    await expect(store.keep(held, record)).rejects.toMatchObject(LOST)
    await expect(store.release(held, record, { state: 'sent' })).rejects.toMatchObject(LOST)
    expect(await store.renew({ id, fence: 2, leaseMs: 60_000 })).toBe(true)
  })

  test('what has ended is neither taken nor renewed', async () => {
    await add()
    const { held } = (await store.take(id, 60_000)) ?? { held: { id, fence: -1, leaseMs: 1 } }
    await store.release(held, record, { state: 'sent' })
    expect(await store.take(id, 60_000)).toBeUndefined()
    expect(await store.take('none', 60_000)).toBeUndefined()
    expect(await store.renew(held)).toBe(false)
    expect(await store.find(id)).toMatchObject({ state: 'sent', endedAt: expect.any(Number) })
  })

  test('a cancellation that was asked for is seen by its holder, and holds once that lets it go', async () => {
    await add()
    const { held } = (await store.take(id, 60_000)) ?? { held: { id, fence: -1, leaseMs: 1 } }
    expect(await store.keep(held, record)).toBe(false)
    expect(await store.cancel(id)).toBe('asked')
    expect(await store.keep(held, record)).toBe(true)
    await store.release(held, record, { state: 'sending', dueInMs: 0 })
    expect(await store.find(id)).toMatchObject({ state: 'cancelled', endedAt: expect.any(Number) })
    expect(await store.due(10, 0)).toEqual([])
  })

  test('what is taken collects no more, and neither does what was cancelled', async () => {
    const digest = { key: 'sales', item: '{}' }
    await add({ digest })
    expect(await add({ rows: [{ id: newId(), recipient: 'ada' }], digest })).toMatchObject([
      { id, outcome: 'collected' },
    ])
    expect((await store.take(id, 60_000))?.notification.items).toHaveLength(2)
    const second = newId()
    expect(await add({ rows: [{ id: second, recipient: 'ada' }], digest })).toMatchObject([{ outcome: 'added' }])
    await store.cancel(second)
    expect(await add({ rows: [{ id: newId(), recipient: 'ada' }], digest })).toMatchObject([{ outcome: 'added' }])
  })

  test('keys are removed when their window is over', async () => {
    await add({ dedupe: { key: 'a', windowMs: 1 } })
    await add({ rows: [{ id: newId(), recipient: 'ada' }], dedupe: { key: 'b', windowMs: 60_000 } })
    await store.removeEnded(0, 10)
    const outcome = async (key: string) =>
      (await add({ rows: [{ id: newId(), recipient: 'ada' }], dedupe: { key, windowMs: 60_000 } }))[0]?.outcome
    await expect.poll(() => outcome('a')).toBe('added')
    expect(await outcome('b')).toBe('duplicate')
  })
})

test('a transaction that is rolled back notifies nobody', async () => {
  const { sql } = database
  await sql`truncate substation_app.notification`
  const store = postgresNotifications(await postgresAccess({ sql }, { timeoutMs: 10_000, name: 'test' }))
  const given = { type: 'sale', record, dueAt: undefined }
  const add = (recipient: string) =>
    sql.begin(async transaction => {
      await store.add({ rows: [{ id: newId(), recipient }], ...given }, transaction)
      if (recipient === 'bob') throw new Error('rolled back')
    })
  await add('ada')
  await expect(add('bob')).rejects.toThrow('rolled back')
  expect((await store.list({ limit: 10 })).map(({ recipient }) => recipient)).toEqual(['ada'])
})
