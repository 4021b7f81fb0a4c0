import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPooler } from '../testing/pooler.ts'
import { createDatabase } from '../testing/servers.ts'
import { createInsight, type Insight, serverQuestion } from './index.ts'
import { oneRow } from './row.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let insight: Insight

beforeAll(async () => {
  database = await createDatabase()
  insight = createInsight({ name: 'shop', url: database.url, application: 'insight-test' })
})
afterAll(async () => {
  await insight?.close()
  await database?.drop()
})

const asked = <T>(answer: Parameters<typeof insight.ask<T>>[0]['answer']) =>
  insight.ask({ id: 'test', freshFor: 0, answer })

test('a server reports its version, role and connections', async () => {
  const before = Date.now()
  expect(await insight.ask(serverQuestion)).toMatchObject({
    version: expect.stringMatching(/^\d+(\.\d+)?/),
    role: 'primary',
    database: new URL(database.url).pathname.slice(1),
    maxConnections: expect.any(Number),
    pooled: false,
  })
  const { connections, startedAt } = await insight.ask(serverQuestion)
  expect(connections).toBeGreaterThan(0)
  expect(startedAt).toBeLessThan(before)
})

test('what is asked cannot write, and a refusal leaves the connection usable', async () => {
  await expect(asked(ask => ask('create table written (id int)'))).rejects.toMatchObject({ sqlState: '25006' })
  expect(await asked(ask => ask('select $1::int + 1 as more', [1]))).toEqual([{ more: 2 }])
})

test('a statement that runs too long is cancelled by the server', async () => {
  await expect(asked(ask => ask('select pg_sleep(60)'))).rejects.toMatchObject({ code: 'DATABASE_TIMEOUT' })
})

test('the major version is known to every question', async () => {
  const [row] = await asked(ask => ask<{ major: string }>("select split_part(version(), ' ', 2) as major"))
  expect(await asked(async ask => ask.major)).toBe(Number.parseInt(row?.major ?? '', 10))
})

test('a pooler in between is recognised, and asked like any other server', async () => {
  const pooler = await startPooler(database.url)
  const pooled = createInsight({ name: 'pooled', url: pooler.url, application: 'insight-test' })
  expect(await pooled.ask(serverQuestion)).toMatchObject({ pooled: true, role: 'primary' })
  await pooled.close()
  pooler.close()
})

test('a server that cannot be reached is asked again by the next question', async () => {
  const url = new URL(database.url)
  url.port = '1'
  const unreachable = createInsight({ name: 'gone', url: url.href, application: 'insight-test' })
  await expect(unreachable.ask(serverQuestion)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  await unreachable.close()
  await createInsight({ name: 'unused', url: url.href, application: 'insight-test' }).close()
})

test('an answer without the row that is always there is an error', async () => {
  await expect(oneRow(Promise.resolve([]))).rejects.toThrow('nothing about itself')
})
