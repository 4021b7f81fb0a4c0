import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { libraryDatabase } from '../testing/library-database.ts'
import { type Program, startProgram } from '../testing/program.ts'
import { redisUrl } from '../testing/servers.ts'

const PROGRAM = fileURLToPath(new URL('../testing/scheduler-program.ts', import.meta.url))
const NEVER = '0 0 29 2 *'

let database: Awaited<ReturnType<typeof libraryDatabase>>
let sql: postgres.Sql
let programs: Program[]
let prefix: string

beforeEach(async () => {
  prefix = `t-${newId()}`
  database = await libraryDatabase('scheduler')
  sql = postgres(database.url, { max: 2, onnotice: () => {} })
  await sql`create table worked (at bigint generated always as identity, pid int, due_at bigint, attempt int)`
  programs = []
})
afterEach(async () => {
  await Promise.all(programs.map(program => program.close()))
  await sql.end()
  await database.drop()
})

async function start(rule: string, ...args: string[]) {
  const program = await startProgram(PROGRAM, { args: [redisUrl(), database.url, prefix, rule, ...args] })
  programs.push(program)
  await program.ask('start')
  return program
}
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 50 })
const worked = () =>
  sql<
    { pid: number; due: number; attempt: number }[]
  >`select pid, due_at::float8 as due, attempt from worked order by at`
const runs = () =>
  sql<{ outcome: string | null; attempt: number; due: number; trigger: string }[]>`
    select outcome, attempt, trigger, (extract(epoch from due_at) * 1000)::float8 as due
    from substation_app.schedule_run order by due_at, attempt`

test('of two processes with the same schedule one runs it each time, and when one is killed the other goes on', async () => {
  const [first] = await Promise.all([start('200'), start('200')])
  await until(async () => expect((await worked()).length).toBeGreaterThan(5))
  first.kill()
  const before = (await worked()).length
  await until(async () => expect((await worked()).length).toBeGreaterThan(before + 5))
  const rows = (await worked()).filter(({ attempt }) => attempt === 1)
  expect(new Set(rows.map(({ due }) => due)).size).toBe(rows.length)
}, 60_000)

test('a process is killed in a run: the run is noted as lost, and another process takes it over', async () => {
  const first = await start(NEVER, 'hang')
  await first.ask('runNow')
  await until(async () => expect(await worked()).toHaveLength(1))
  first.kill()
  await start(NEVER)
  await until(async () =>
    expect(await runs()).toMatchObject([
      { outcome: 'lost', attempt: 1 },
      { outcome: 'succeeded', attempt: 2 },
    ]),
  )
  const [one, two] = await worked()
  expect(two).toMatchObject({ due: one?.due, attempt: 2 })
  expect(two?.pid).not.toBe(one?.pid)
}, 60_000)

test('nothing ran for a while: the newest three are caught up, those before are noted as missed, and none is unaccounted for', async () => {
  const first = await start('200')
  await until(async () => expect((await worked()).length).toBeGreaterThan(1))
  first.kill()
  const stopped = Date.now()
  await until(async () => expect(Date.now() - stopped).toBeGreaterThan(2_500))
  await start('200')
  await until(async () => {
    const noted = await runs()
    expect(noted.filter(({ trigger }) => trigger === 'catch-up').length).toBeGreaterThanOrEqual(3)
    expect(noted.filter(({ outcome }) => outcome === 'missed').length).toBeGreaterThan(3)
    const due = [...new Set(noted.map(run => Math.round(run.due)))]
    for (const [index, at] of due.slice(1).entries()) expect(at - (due[index] as number)).toBe(200)
  })
}, 60_000)
