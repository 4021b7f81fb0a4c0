import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDatabase, redisUrl } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import {
  actorOf,
  openTestConsole,
  startTestProcess,
  type TestProcess,
  testSettings,
} from '../../../testing/open-test-console.ts'
import { finishedIn, refusalOf } from '../../../testing/outcomes.ts'
import { auditView } from '../../audit/views/audit.ts'
import { shellView } from '../../shell/views/shell.ts'
import { overviewView } from '../views/overview.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
let environment: string
let testProcess: TestProcess
const operator = actorOf('operator')

beforeAll(async () => {
  database = await createDatabase()
  const settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl(), production: true })
  environment = settings.environments[0]?.name ?? ''
  console = await openTestConsole(settings)
  testProcess = await startTestProcess(settings, { instance: 'checkout-1' })
  for (let at = 0; at < 3; at++)
    await testProcess.breaker.execute(() => Promise.reject(new Error('down'))).catch(() => {})
})
afterAll(async () => {
  await testProcess?.stop()
  await console?.close()
  await database?.drop()
})

const overview = async () => (await console.view(overviewView, environment, operator, {})).data
const found = async () => {
  const { attention } = await overview()
  return attention.find(({ area }) => area === 'breakers')
}
const unmarked = (item: Awaited<ReturnType<typeof found>>) => item !== undefined && item.mark === undefined
async function act(operation: string, input: object) {
  const request = { environment, operation, input }
  const { confirmation, token } = await console.runner.preview(operator, request)
  // Nothing in production is changed, so no name is asked for.
  expect(confirmation).toBe('none')
  return finishedIn(console, operator, await console.runner.run(operator, { ...request, token }))
}

test('an item that is muted leaves the list and the badges with its reason in the audit, and comes back by undo', async () => {
  const item = await vi.waitFor(async () => {
    const open = await found()
    if (!open) throw new Error('no open breaker yet')
    return open
  }, 10_000)
  const badge = async () => (await console.view(shellView, environment, operator, {})).data.trouble.breakers
  expect(await badge()).toMatchObject({ bad: 1 })

  const run = await act('attention.mute', { item: item.id, minutes: 60, reason: 'known, ticket 12' })
  expect(run).toMatchObject({ status: 'succeeded', summary: expect.stringContaining('1 hour') })
  await vi.waitFor(async () => expect(await found()).toBeUndefined())
  expect((await overview()).muted).toMatchObject([
    { id: item.id, mark: { kind: 'muted', by: operator.name, reason: 'known, ticket 12' } },
  ])
  await vi.waitFor(async () => expect(await badge()).toMatchObject({ bad: 0 }))
  const { audit } = (await console.view(auditView, environment, operator, { operation: 'attention.mute' })).data
  expect(audit.status === 'up' && audit.data.rows[0]).toMatchObject({
    reason: 'known, ticket 12',
    outcome: 'succeeded',
  })

  await finishedIn(console, operator, await console.runner.undo(operator, environment, run.id))
  await vi.waitFor(async () => expect(unmarked(await found())).toBe(true))
})

test('an item that is acknowledged stays in the list, after the others, with who works on it', async () => {
  const item = await vi.waitFor(async () => {
    const open = await found()
    if (!open) throw new Error('no open breaker yet')
    return open
  }, 10_000)
  await act('attention.acknowledge', { item: item.id })
  await vi.waitFor(async () =>
    expect((await overview()).attention.at(-1)).toMatchObject({
      id: item.id,
      mark: { kind: 'acknowledged', by: operator.name },
    }),
  )
  expect((await overview()).verdict.detail).toContain('1 is acknowledged')
  await act('attention.restore', { item: item.id })
  await vi.waitFor(async () => expect(unmarked(await found())).toBe(true))
})

test('what is not on the overview cannot be muted, and a viewer can mute nothing', async () => {
  const request = { environment, operation: 'attention.mute', input: { item: 'x', minutes: 5, reason: 'a test' } }
  expect(await refusalOf(console.runner.preview(operator, request))).toMatchObject({ code: 'not_found' })
  expect(await refusalOf(console.runner.preview(actorOf('viewer'), request))).toMatchObject({ code: 'forbidden' })
})
