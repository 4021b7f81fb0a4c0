import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase } from '../testing/servers.ts'
import { createInsight, type Insight, serverQuestion } from './index.ts'

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
