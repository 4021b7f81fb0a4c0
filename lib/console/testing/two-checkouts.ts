import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { auditEvent } from '../../../drizzle/schema/index.ts'
import { heldBy, LASTING } from '../../infrastructure/fleet/index.ts'
import { createDatabase, redisUrl } from '../../infrastructure/testing/servers.ts'
import { Commands } from '../fleet/resources.ts'
import type { Console } from '../open.ts'
import type { Run } from '../platform/operation/wire.ts'
import type { Settings } from '../platform/settings/port.ts'
import { actorOf, openTestConsole, startTestProcess, type TestProcess, testSettings } from './open-test-console.ts'
import { finishedIn } from './outcomes.ts'

export { refusalOf } from './outcomes.ts'

// A console and two processes with one breaker, started before the tests of the file that imports this and reset after each.
export let database: Awaited<ReturnType<typeof createDatabase>>
export let settings: Settings
export let console: Console
export let a: TestProcess
export let b: TestProcess
export const operator = actorOf('operator')
export const environment = () => settings.environments[0]?.name ?? ''

beforeAll(async () => {
  database = await createDatabase()
  settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  console = await openTestConsole(settings)
  a = await startTestProcess(settings, { instance: 'checkout-1' })
  b = await startTestProcess(settings, { instance: 'checkout-2' })
})

afterEach(async () => {
  for (const { breaker, policy, email } of [a, b]) {
    breaker.release()
    breaker.restorePolicy()
    policy.restore()
    email.release()
  }
  const overrides = await console.environment(environment())?.of(Commands).overrides()
  for (const { verb, args } of overrides ?? []) {
    const { endedBy, holds } = LASTING[verb]
    await act(endedBy, { [holds]: heldBy(verb, args), scope: fleetScope }).catch(() => {})
  }
})

afterAll(async () => {
  await Promise.all([a?.stop(), b?.stop()])
  await console?.close()
  await database?.drop()
})

const fleetScope = { kind: 'fleet' }
export const inputOf = (state: string, scope: object = fleetScope) => ({
  breaker: 'payments',
  scope,
  state,
  reason: 'a test',
})

/** Previews an operation and carries it out. */
export async function act(operation: string, input: object, actor = operator): Promise<Run> {
  const request = { environment: environment(), operation, input }
  const { token } = await console.runner.preview(actor, request)
  return finished(await console.runner.run(actor, { ...request, token }))
}

export const force = {
  run: (input: object, actor = operator): Promise<Run> => act('breaker.force', input, actor),
  async release(breaker: string) {
    const request = { environment: environment(), operation: 'breaker.release', input: { breaker, scope: fleetScope } }
    const { token } = await console.runner.preview(operator, request)
    await finished(await console.runner.run(operator, { ...request, token })).catch(() => {})
  },
}

export const finished = (run: Run) => finishedIn(console, operator, run)

export const auditOf = (run: string) =>
  console.store.db.select().from(auditEvent).where(eq(auditEvent.run, run)).orderBy(auditEvent.id)
