import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { createDatabase } from '../../infrastructure/testing/servers.ts'
import type { FleetProcess, FleetSnapshot } from '../fleet/port.ts'
import { migrateStore, openStore } from '../platform/store/adapters/postgres.ts'
import type { Store } from '../platform/store/port.ts'
import { deployNotes, readDeploys } from './deploys.ts'

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

const T = 1_700_000_000_000

/** A process whose id was made at a time of the test's choosing. */
function fleet(...running: [version: string, joinedAt: number][]): FleetSnapshot {
  const processes = running.map(([version, joinedAt], index): FleetProcess => {
    const id = ulid(joinedAt)
    const identity = {
      v: 1,
      id,
      service: 'shop',
      instance: `shop-${index}`,
      version,
      host: 'h',
      pid: 1,
      startedAt: joinedAt,
      verbs: [],
    }
    return {
      id,
      identity,
      service: 'shop',
      instance: identity.instance,
      state: 'up',
      lastBeatAt: T,
      silentFor: 0,
      details: new Map(),
    }
  })
  return { redisNow: T, skew: 0, processes }
}

async function deploysOf(name: string) {
  const list = await readDeploys(store.db, name, { from: T - 1_000, to: T + 1_000_000 })
  return list.map(({ version, previous, at }) => `${previous} to ${version} at ${at - T}`)
}

test('what runs at first is no deploy; a new version is, once, and so is a rollback', async () => {
  const name = newId()
  const notes = deployNotes(name)
  const see = (snapshot: FleetSnapshot) => store.db.transaction(tx => notes.note(tx, snapshot))
  await see(fleet(['1', T]))
  expect(await deploysOf(name)).toEqual([])
  await see(fleet(['1', T], ['2', T + 10]))
  await see(fleet(['2', T + 10], ['2', T + 20]))
  expect(await deploysOf(name)).toEqual(['1 to 2 at 10'])
  await see(fleet(['2', T + 20], ['1', T + 30]))
  expect(await deploysOf(name)).toEqual(['1 to 2 at 10', '2 to 1 at 30'])
})

test('a service that stops for a while is no deploy when it returns with the same version', async () => {
  const name = newId()
  const notes = deployNotes(name)
  const see = (snapshot: FleetSnapshot) => store.db.transaction(tx => notes.note(tx, snapshot))
  await see(fleet(['1', T]))
  await see(fleet())
  await see(fleet(['1', T + 50]))
  expect(await deploysOf(name)).toEqual([])
})

test('another console that takes over in the middle of a deploy reports nothing twice', async () => {
  const name = newId()
  const see = (notes: ReturnType<typeof deployNotes>, snapshot: FleetSnapshot) =>
    store.db.transaction(tx => notes.note(tx, snapshot))
  const first = deployNotes(name)
  await see(first, fleet(['1', T]))
  await see(first, fleet(['1', T], ['2', T + 10]))
  const second = deployNotes(name)
  await see(second, fleet(['1', T], ['2', T + 10]))
  await see(second, fleet(['2', T + 10], ['3', T + 90]))
  expect(await deploysOf(name)).toEqual(['1 to 2 at 10', '2 to 3 at 90'])
})
