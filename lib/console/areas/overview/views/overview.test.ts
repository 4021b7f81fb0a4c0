import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, redisUrl } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import { actorOf, openTestConsole, testSettings } from '../../../testing/open-test-console.ts'
import { overviewView } from './overview.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console

beforeAll(async () => {
  database = await createDatabase()
  console = await openTestConsole(testSettings({ databaseUrl: database.url, redisUrl: redisUrl() }))
})
afterAll(async () => {
  await console?.close()
  await database?.drop()
})

test('a timeline that lacks the acts of operators is down, not short', async () => {
  const environment = console.settings.environments[0]?.name ?? ''
  await console.store.db.execute(sql`alter table substation.audit_event rename to audit_event_gone`)
  const { data } = await console.view(overviewView, environment, actorOf('viewer'), {})
  expect(data.events).toMatchObject({ status: 'down' })
})
