import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { createDatabase } from '../../infrastructure/testing/servers.ts'
import { migrateStore, openStore } from '../platform/store/adapters/postgres.ts'
import type { Store } from '../platform/store/port.ts'
import { eventStore } from './event-store.ts'
import type { StoredEvent } from './port.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let store: Store

beforeAll(async () => {
  database = await createDatabase()
  await migrateStore(database.url)
  store = await openStore(database.url)
})
afterAll(async () => {
  await store?.close()
  await database?.drop()
})

const event = (streamId: string, data: Record<string, unknown>): StoredEvent => ({
  v: 1,
  streamId,
  kind: 'breaker.transition',
  process: newId(),
  service: 'checkout',
  instance: 'checkout-1',
  at: 0,
  data,
})

test('a message cut in the middle of a character, or with a NUL, does not keep the others from being stored', async () => {
  const events = eventStore(store, 'hostile')
  await events.add([
    event('1700000000000-0', { message: 'a😀'.slice(0, 2) }),
    event('1700000000000-1', { message: 'a\u0000b' }),
    event('1700000000001-0', { message: 'plain' }),
  ])
  expect((await events.recent(10)).map(({ data }) => data.message)).toEqual(['plain', 'a\ufffdb', 'a\ufffd'])
  expect(await events.cursor()).toBe('1700000000001-0')
})

test('what two consoles read is stored once', async () => {
  const events = eventStore(store, 'twice')
  const one = event('1700000000000-0', {})
  await Promise.all([events.add([one]), events.add([one])])
  expect(await events.recent(10)).toHaveLength(1)
})
