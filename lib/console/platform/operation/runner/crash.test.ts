import { and, eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { auditEvent, operationRun } from '../../../../../drizzle/schema/index.ts'
import { createDatabase, redisUrl } from '../../../../infrastructure/testing/servers.ts'
import { Fleet } from '../../../fleet/resources.ts'
import type { Console } from '../../../open.ts'
import {
  actorOf,
  openTestConsole,
  startTestProcess,
  type TestProcess,
  testSettings,
} from '../../../testing/open-test-console.ts'
import { killConsoleAt } from '../../../testing/spawn-killed-console.ts'
import type { Settings } from '../../settings/port.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let settings: Settings
let survivor: Console
let testProcess: TestProcess

beforeAll(async () => {
  database = await createDatabase()
  await (await openTestConsole(testSettings({ databaseUrl: database.url, redisUrl: redisUrl() }))).close()
})
beforeEach(async () => {
  settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  testProcess = await startTestProcess(settings)
})
afterEach(async () => {
  await testProcess.stop()
  await survivor?.close()
})
afterAll(() => database.drop())

const environment = () => settings.environments[0]?.name ?? ''

const rows = () => survivor.store.db.select().from(operationRun).where(eq(operationRun.environment, environment()))
const audit = () =>
  survivor.store.db
    .select()
    .from(auditEvent)
    .where(and(eq(auditEvent.environment, environment())))
    .orderBy(auditEvent.id)

/** Makes the lost worker appear silent for as long as the runner waits, and has another console take over. */
async function takeOver() {
  survivor = await openTestConsole(settings)
  await survivor.store.db
    .update(operationRun)
    .set({ heartbeatAt: sql`now() - interval '1 minute'` })
    .where(and(eq(operationRun.environment, environment()), eq(operationRun.status, 'running')))
  await survivor.runner.reap()
  await vi.waitFor(async () => expect((await rows()).every(row => row.finishedAt)).toBe(true), { timeout: 15_000 })
}

const force = () => ({
  environment: environment(),
  operation: 'breaker.force',
  input: { breaker: 'payments', scope: { kind: 'fleet' }, state: 'open', reason: 'a test' },
})

for (const step of ['parsed', 'previewed']) {
  test(`killed when ${step}: nothing was recorded and nothing was done`, async () => {
    expect(await killConsoleAt(step, settings, force())).toBe('SIGKILL')
    await takeOver()
    expect(await rows()).toHaveLength(0)
    expect(await audit()).toHaveLength(0)
    expect(await testProcess.call()).toBe('called')
  }, 40_000)
}

for (const step of ['recorded', 'begun']) {
  test(`killed when ${step}, before the command went out: closed as not done, and it was not`, async () => {
    expect(await killConsoleAt(step, settings, force())).toBe('SIGKILL')
    await takeOver()
    expect(await rows()).toMatchObject([{ status: 'failed', summary: expect.stringContaining('Nothing was done') }])
    expect(await audit()).toMatchObject([{ kind: 'started' }, { kind: 'outcome', outcome: 'failed' }])
    expect(await testProcess.call()).toBe('called')
  }, 40_000)
}

for (const step of ['sent', 'ran'])
  test(`killed when ${step}: the outcome is found in the answers, and the override is in force`, async () => {
    expect(await killConsoleAt(step, settings, force())).toBe('SIGKILL')
    await takeOver()
    expect(await rows()).toMatchObject([
      { status: 'succeeded', summary: expect.stringMatching(/^Forced open payments in \S+\.$/) },
    ])
    expect((await audit()).map(row => [row.kind, row.outcome])).toEqual([
      ['started', null],
      ['outcome', 'succeeded'],
    ])
    expect(await testProcess.call()).toBe('BREAKER_OPEN')
  }, 40_000)

for (const step of ['settled', 'announced']) {
  test(`killed when ${step}: all was written, and nothing is written twice`, async () => {
    expect(await killConsoleAt(step, settings, force())).toBe('SIGKILL')
    await takeOver()
    expect(await rows()).toMatchObject([{ status: 'succeeded' }])
    expect((await audit()).map(row => row.kind)).toEqual(['started', 'outcome'])
    expect(await testProcess.call()).toBe('BREAKER_OPEN')
  }, 40_000)
}

for (const step of ['recorded', 'begun', 'ran']) {
  test(`a durable act killed when ${step} is continued by another console`, async () => {
    const gone = await startTestProcess(settings, { instance: 'gone' })
    await gone.stop()
    const request = {
      environment: environment(),
      operation: 'process.forget',
      input: { which: { kind: 'process', process: gone.member.id } },
    }
    expect(await killConsoleAt(step, settings, request)).toBe('SIGKILL')
    await takeOver()
    expect(await rows()).toMatchObject([{ status: 'succeeded', summary: 'Forgot 1 process.' }])
    expect((await audit()).map(row => [row.kind, row.outcome])).toEqual([
      ['started', null],
      ['outcome', 'succeeded'],
    ])
    const fleet = await survivor.environment(environment())?.of(Fleet).read([], { maxAge: 0 })
    expect(fleet?.status === 'up' && fleet.data.processes.map(process => process.id)).toEqual([testProcess.member.id])
  }, 40_000)
}

test('a worker that lost its run to another does not write the outcome', async () => {
  survivor = await openTestConsole(settings, {
    async onStep(step, runId) {
      // The moment between effect and outcome: another console takes the run over.
      if (step === 'ran' && runId)
        await survivor.store.db.update(operationRun).set({ fence: sql`fence + 1` }).where(eq(operationRun.id, runId))
    },
  })
  const actor = actorOf('operator')
  const { token } = await survivor.runner.preview(actor, force())
  const run = await survivor.runner.run(actor, { ...force(), token })
  await vi.waitFor(async () => expect(await testProcess.call()).toBe('BREAKER_OPEN'))
  await survivor.runner.close()
  expect((await audit()).filter(row => row.run === run.id).map(row => row.kind)).toEqual(['started'])
}, 40_000)
