import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { createDatabase, redisUrl } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import { actorOf, openTestConsole, testSettings } from '../../../testing/open-test-console.ts'
import type { Settings } from '../../settings/port.ts'
import { defineOperation } from '../define.ts'

const STEPS = 500

/** Reports progress faster than it can be written. */
const hurry = defineOperation({
  id: 'test.hurry',
  title: 'Hurry',
  description: 'Takes many short steps.',
  permission: 'queue:promote',
  targetKind: 'queue',
  input: z.strictObject({}),
  risk: 'one',
  reason: 'optional',
  durable: true,
  target: () => ({ kind: 'queue', name: 'mail' }),
  preview: async () => ({ summary: '', action: '', affected: { precision: 'unknown', noun: 'steps', sample: [] } }),
  async run(_context, _input, { progress }) {
    for (let done = 1; done <= STEPS; done++) {
      progress({ done, total: STEPS })
      await turn()
    }
    return { status: 'succeeded', summary: 'Done.' }
  },
})

let database: Awaited<ReturnType<typeof createDatabase>>
let settings: Settings
let console: Console
beforeAll(async () => {
  database = await createDatabase()
  settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  console = await openTestConsole(settings, { operations: [hurry] })
  await console.store.db.execute(sql`create table noted (at serial primary key, done int)`)
  await console.store.db.execute(sql`
    create function note() returns trigger language plpgsql as $$
    begin insert into public.noted (done) values ((new.progress ->> 'done')::int); return new; end $$`)
  await console.store.db.execute(sql`
    create trigger note after update of progress on substation.operation_run
    for each row when (new.progress is distinct from old.progress) execute function note()`)
})
afterAll(async () => {
  await console.close()
  await database.drop()
})

test('progress is written in order, not at every step, and the finished run shows the last of it', async () => {
  const operator = actorOf('operator')
  const environment = settings.environments[0]?.name ?? ''
  const { id } = await console.runner.run(operator, { environment, operation: 'test.hurry', input: {} })
  const over = await vi.waitFor(
    async () => {
      const run = await console.runner.find(operator, environment, id)
      expect(run.finishedAt).toBeDefined()
      return run
    },
    { timeout: 10_000, interval: 20 },
  )
  expect(over).toMatchObject({ status: 'succeeded', progress: { done: STEPS, total: STEPS } })
  const noted = (await console.store.db.execute<{ done: number }>(sql`select done from noted order by at`)).map(
    row => row.done,
  )
  expect(noted.at(-1)).toBe(STEPS)
  expect(noted).toEqual(noted.toSorted((a, b) => a - b))
  expect(noted.length).toBeLessThan(STEPS / 5)
})
