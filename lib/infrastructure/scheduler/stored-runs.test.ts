import postgres from 'postgres'
import { expect, test } from 'vitest'
import { postgresAccess } from '../kv/index.ts'
import { freePort } from '../testing/free-port.ts'
import { testLibraryDatabase } from '../testing/library-database.ts'
import { postgresRuns } from './adapters/postgres-runs.ts'
import { createScheduler } from './index.ts'

const database = testLibraryDatabase('scheduler')

const stored = async (pool = database.sql) =>
  postgresRuns(await postgresAccess({ sql: pool }, { timeoutMs: 5_000, name: 'scheduler' }), 'shop')
const begun = { schedule: 'bills', trigger: 'manual', attempt: 1 } as const

test('a run is read as it was written, with all that is known of it and no more', async () => {
  const runs = await stored()
  const full = {
    ...begun,
    id: 'full',
    dueAt: 2_000,
    startedAt: 2_001,
    endedAt: 2_500,
    outcome: 'failed',
    message: 'no paper',
    overran: true,
    by: 'ada',
    process: 'host 1',
  } as const
  const bare = { ...begun, id: 'bare', dueAt: 1_000 }
  await runs.add(full)
  await runs.add(bare)
  expect(await runs.list('bills', 10)).toEqual([full, bare])
  await runs.end({ id: 'bare', endedAt: 3_000 })
  expect(await runs.list('bills', 10)).toEqual([full, { ...bare, endedAt: 3_000 }])
})

test('without its table it says which migrations to run; what else Postgres refuses is told in its words', async () => {
  const runs = await stored()
  await expect(runs.list('bills', -1)).rejects.toMatchObject({
    code: 'SCHEDULER_REFUSED',
    message: expect.stringContaining('LIMIT'),
  })
  await database.sql`alter table substation_app.schedule_run rename to hidden`
  try {
    await expect(runs.list('bills', 1)).rejects.toMatchObject({
      code: 'SCHEDULER_REFUSED',
      nextStep: expect.stringContaining("libraryMigrations('scheduler')"),
    })
  } finally {
    await database.sql`alter table substation_app.hidden rename to schedule_run`
  }
})

test('a history that cannot be reached stops no run, and says so to those who ask for it', async () => {
  const away = postgres(`postgres://127.0.0.1:${await freePort()}/none`, { max: 1, connect_timeout: 1 })
  const scheduler = await createScheduler({ service: 'shop' }, { sql: away })
  await expect(scheduler.runs('bills')).rejects.toMatchObject({ code: 'SCHEDULER_UNREACHABLE', retryable: true })
  const worked = Promise.withResolvers<void>()
  await scheduler.schedule({ name: 'bills', when: { at: Date.now() } }, () => worked.resolve())
  await scheduler.start()
  await worked.promise
  await scheduler.close()
  expect(scheduler.reports()[0]?.runs).toMatchObject([{ outcome: 'succeeded' }])
  await away.end()
})
