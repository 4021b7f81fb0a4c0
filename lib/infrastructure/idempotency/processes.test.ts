import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { libraryDatabase } from '../testing/library-database.ts'
import { type Program, startProgram } from '../testing/program.ts'
import { redisUrl } from '../testing/servers.ts'
import { createIdempotency, type Idempotency } from './index.ts'

const FILE = fileURLToPath(new URL('../testing/idempotency-program.ts', import.meta.url))
const RACES = 200
let database: Awaited<ReturnType<typeof libraryDatabase>>
let sql: postgres.Sql
let redis: Redis
let namespace: string
// Starting processes takes long on a loaded machine.
vi.setConfig({ testTimeout: 120_000 })
const programs: Program[] = []
const opened: Idempotency[] = []
beforeAll(async () => {
  database = await libraryDatabase('idempotency')
  sql = postgres(database.url, { onnotice: () => {} })
  await sql`create table effect (key text, fence bigint)`
  redis = new Redis(redisUrl())
})
afterAll(async () => {
  redis.disconnect()
  await sql.end()
  await database.drop()
})
beforeEach(() => {
  namespace = newId()
})
afterEach(async () => {
  await Promise.all([...programs.splice(0), ...opened.splice(0)].map(one => one.close()))
})

async function start(url: string): Promise<Program> {
  const program = await startProgram(FILE, { args: [url, namespace, redisUrl()] })
  programs.push(program)
  return program
}
async function here(url: string): Promise<Idempotency> {
  const runs = await createIdempotency({ url, namespace })
  opened.push(runs)
  return runs
}
const effects = async (key: string) => (await redis.lrange(`${namespace}:effect:${key}`, 0, -1)).map(Number)

/** A program that was killed cannot be asked to close. */
function kill(program: Program) {
  programs.splice(programs.indexOf(program), 1)
  program.kill()
}

describe.each([
  ['Redis', () => redisUrl()],
  ['Postgres', () => database.url],
] as const)('several processes on %s', (_, url) => {
  test(`two that race for the same key ${RACES} times: one effect each, and the same results`, async () => {
    const both = await Promise.all([start(url()), start(url())])
    const results = await Promise.all(both.map(program => program.ask<number[]>('race', { key: 'k', count: RACES })))
    expect(results[0]).toEqual(results[1])
    for (let n = 0; n < RACES; n++) expect(await effects(`k:${n}`)).toEqual([results[0]?.[n]])
  })

  test('one that is killed in the middle leaves no second effect: the outcome is unknown until it is resolved', async () => {
    const program = await start(url())
    const fence = await program.ask<number>('hang', { key: 'k', leaseMs: 2_000, onCrash: 'fail' })
    const runs = await here(url())
    await expect(runs.run('k', { waitMs: 0 }, () => 2)).rejects.toMatchObject({ code: 'IN_FLIGHT' })
    kill(program)
    await expect(runs.run('k', { waitMs: 20_000 }, () => 2)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await effects('k')).toEqual([fence])
    expect(await runs.resolve('k', 'found out')).toBe(true)
    expect(await runs.run('k', {}, () => 2)).toBe('found out')
  })

  test('with retry, a caller that waits takes over from one that is killed, with a greater fence', async () => {
    const program = await start(url())
    const fence = await program.ask<number>('hang', { key: 'k', leaseMs: 2_000, onCrash: 'retry' })
    const runs = await here(url())
    const waiting = runs.run('k', { waitMs: 20_000, onCrash: 'retry' }, context => context.fence)
    kill(program)
    expect(await waiting).toBeGreaterThan(fence)
  })
})

test(`in transactions, two that race for the same key ${RACES} times have one effect each`, async () => {
  const both = await Promise.all([start(database.url), start(database.url)])
  const results = await Promise.all(
    both.map(program => program.ask<number[]>('raceInTransactions', { key: namespace, count: RACES })),
  )
  expect(results[0]).toEqual(results[1])
  const rows = await sql`select fence::float8 as fence from effect where starts_with(key, ${namespace})
    order by split_part(key, ':', 2)::int`
  expect(rows.map(row => row.fence)).toEqual(results[0])
})

test('in a transaction, one that is killed in the middle leaves neither effect nor record', async () => {
  const program = await start(database.url)
  const key = newId()
  await program.ask('hangInTransaction', { key })
  const runs = await here(database.url)
  await expect(runs.run(key, { waitMs: 100 }, () => 2)).rejects.toMatchObject({ code: 'IN_FLIGHT' })
  kill(program)
  expect(await runs.run(key, { waitMs: 20_000 }, () => 'again')).toBe('again')
  expect(await sql`select from effect where key = ${key}`).toHaveLength(0)
})
