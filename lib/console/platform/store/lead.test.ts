import postgres from 'postgres'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDatabase } from '../../../infrastructure/testing/servers.ts'
import { advisoryLead } from './adapters/lead.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let rows: postgres.Sql

beforeAll(async () => {
  database = await createDatabase()
  rows = postgres(database.url, { max: 1, onnotice: () => {} })
})
afterAll(async () => {
  await rows?.end()
  await database?.drop()
})

/** A busy machine takes longer over a connection than a second. */
const soon = (check: () => Promise<unknown>) => vi.waitFor(check, { timeout: 15_000 })

const endSession = async (name: string) => {
  await rows`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${`substation:${name}`}`
  await soon(async () =>
    expect(await rows`select from pg_stat_activity where application_name = ${`substation:${name}`}`).toHaveLength(0),
  )
}

test('one leads, the other once the first has stopped; asking again does not take the lock twice', async () => {
  const [first, second] = [advisoryLead(database.url, 'figures'), advisoryLead(database.url, 'figures')]
  expect([await first.claim(), await first.claim(), await second.claim()]).toEqual([true, true, false])
  expect(await first.transaction(async () => 'written')).toBe('written')
  await expect(second.transaction(async () => 'written')).rejects.toThrow('is led by another console')
  await first.release()
  await soon(async () => expect(await second.claim()).toBe(true))
  await second.release()
})

test('a session with the pid of the former leader does not lead because of it', async () => {
  // As in a container, where Postgres gives the same pids again after every start.
  await rows.unsafe(
    `create schema again; create function again.pg_backend_pid() returns int language sql as 'select 42'`,
  )
  await rows.unsafe(
    `do $$ begin execute format('alter database %I set search_path = again, pg_catalog', current_database()); end $$`,
  )
  const old = advisoryLead(database.url, 'repeated')
  expect(await old.claim()).toBe(true)
  await endSession('repeated')
  const other = advisoryLead(database.url, 'repeated')
  await soon(async () => expect(await other.claim()).toBe(true))
  await soon(() =>
    old
      .transaction(async () => 'written')
      .then(
        () => expect.fail('it wrote'),
        error => expect(error.message).toContain('is led by'),
      ),
  )
  await soon(async () => expect(await old.claim()).toBe(false))
  expect(old.held).toBe(false)
  await Promise.all([old.release(), other.release()])
})
