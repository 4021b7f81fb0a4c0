import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { joinFleet } from '../../../infrastructure/fleet/index.ts'
import { createSagas, type Saga, type Sagas, StepRefusedError, saga } from '../../../infrastructure/saga/index.ts'
import { libraryDatabase } from '../../../infrastructure/testing/library-database.ts'
import { createDatabase, redisUrl } from '../../../infrastructure/testing/servers.ts'
import type { Console } from '../../open.ts'
import { actorOf, openTestConsole, TEST_FLEET_KEY, testSettings } from '../../testing/open-test-console.ts'
import { finishedIn, refusalOf } from '../../testing/outcomes.ts'
import { ofSagas } from './attention.ts'
import { readSagas } from './read.ts'
import { sagaView } from './views/saga.ts'
import { sagaRunView } from './views/saga-run.ts'
import { sagaRunsView } from './views/saga-runs.ts'
import { sagasView } from './views/sagas.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let kept: Awaited<ReturnType<typeof libraryDatabase>>
let sql: postgres.Sql
let console: Console
let orders: Saga<string>
let local: Saga<null>
const all: Sagas[] = []
const members: { stop(): Promise<void> }[] = []
const did: string[] = []
let isShippable = false
const operator = actorOf('operator')
const environment = () => console.settings.environments[0]?.name ?? ''

const order = () =>
  saga<string>('order')
    .step('reserve', { run: () => did.push('reserve'), compensate: () => did.push('free') })
    .step('charge', { run: () => did.push('charge'), compensate: () => did.push('refund'), pivot: true })
    .step('ship', {
      run() {
        did.push('ship')
        if (!isShippable) throw new StepRefusedError('no carrier')
      },
    })

beforeAll(async () => {
  database = await createDatabase()
  kept = await libraryDatabase('saga')
  sql = postgres(kept.url, { max: 6, onnotice: () => {} })
  console = await openTestConsole(testSettings({ databaseUrl: database.url, redisUrl: redisUrl() }))
  for (const instance of ['shop-1', 'shop-2']) {
    const sagas = await createSagas({}, { sql })
    orders = sagas.define(order())
    sagas.work({ pollMs: 20 })
    all.push(sagas)
    await join('shop', instance, sagas)
  }
  const memory = await createSagas()
  local = memory.define(saga<null>('local', { onFailure: 'wait' }).step('only', { run: () => refuse() }))
  memory.work({ pollMs: 20 })
  all.push(memory)
  await join('tools', 'tools-1', memory)
})
beforeEach(() => {
  did.length = 0
  isShippable = false
})
afterAll(async () => {
  await Promise.all(members.map(member => member.stop()))
  await Promise.all(all.map(sagas => sagas.close({ timeoutMs: 100 })))
  await sql?.end()
  await kept?.drop()
  await console?.close()
  await database?.drop()
})

function refuse(): never {
  throw new StepRefusedError('not here')
}
async function join(service: string, instance: string, sagas: Sagas) {
  const member = joinFleet({
    redisUrl: redisUrl(),
    environment: environment(),
    service,
    instance,
    key: TEST_FLEET_KEY,
    owner: 'shop team',
    sagas,
  })
  await member.start()
  members.push(member)
}

const list = async (filters: Record<string, string> = {}) =>
  (await console.view(sagasView, environment(), operator, filters)).data
const runs = async (filters: Record<string, string>) => {
  const part = (await console.view(sagaRunsView, environment(), operator, filters)).data.runs
  return part?.status === 'up' ? part.data : undefined
}
const run = async (filters: Record<string, string>) => {
  const part = (await console.view(sagaRunView, environment(), operator, filters)).data.found
  return part?.status === 'up' ? part.data.run : undefined
}
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 100 })
async function act(operation: string, input: object) {
  const request = { environment: environment(), operation, input: { ...input, reason: 'a test' } }
  const { token, ...preview } = await console.runner.preview(operator, request)
  const done = await finishedIn(console, operator, await console.runner.run(operator, { ...request, token }))
  return { preview, done }
}
const shop = { service: 'shop', saga: 'order' }

test('a saga of two processes is one row, and what waits for a person is told, retried, and told no more', async () => {
  const { id } = await orders.start('cart 1', { key: 'cart 1' })
  await until(async () => {
    const { rows, counts, services } = await list()
    expect(rows).toMatchObject([
      { id: 'shop/order', state: 'failed', shared: true, counts: { failed: 1, running: 0 }, owner: 'shop team' },
      { id: 'tools/local', state: 'idle', shared: false, counts: { failed: 0 } },
    ])
    expect(counts).toEqual({ all: 2, trouble: 1, active: 0 })
    expect(services).toEqual(['shop', 'tools'])
  })
  expect(JSON.stringify(await list())).not.toContain('cart 1')
  const attention = async () => {
    const here = console.environment(environment())
    if (!here) throw new Error('there is no environment')
    const part = await readSagas(here)
    return part.status === 'down' ? [] : ofSagas(part.data.rows, Date.now())
  }
  expect(await attention()).toMatchObject([
    {
      subject: 'shop / order',
      text: '1 has failed and waits for a person',
      detail: 'Step ship: no carrier.',
      href: expect.stringContaining('saga=shop%2Forder'),
      owner: 'shop team',
    },
  ])
  expect(await runs({ ...shop, state: 'failed' })).toMatchObject({
    runs: [
      { run: { id, key: 'cart 1', steps: [{ state: 'done' }, { state: 'done', pivot: true }, { state: 'failed' }] } },
    ],
    asked: 1,
    answered: 1,
    older: false,
  })
  expect(await runs({ ...shop, state: 'completed' })).toMatchObject({ runs: [] })

  isShippable = true
  const { preview, done } = await act('saga.retry', { ...shop, id })
  expect(preview).toMatchObject({
    summary: 'Step ship of order will be tried again, and it goes on from there.',
    action: 'Retry it',
    affected: { count: 1 },
  })
  expect(done).toMatchObject({ status: 'succeeded', summary: expect.stringContaining(`Asked for a retry of ${id}`) })
  await until(async () =>
    expect(await run({ ...shop, id })).toMatchObject({
      run: { state: 'completed', acts: [{ act: 'retry', reason: 'a test', by: operator.name }] },
    }),
  )
  expect(did).toEqual(['reserve', 'charge', 'ship', 'ship'])
  await until(async () =>
    expect((await list({ service: 'shop' })).rows).toMatchObject([{ state: 'idle', counts: { completed: 1 } }]),
  )
  expect(await attention()).toEqual([])
  const again = { environment: environment(), operation: 'saga.retry', input: { ...shop, id, reason: 'again' } }
  expect(await refusalOf(console.runner.preview(operator, again))).toMatchObject({
    code: 'conflict',
    message: 'It is completed: there is nothing to retry.',
  })
})

test('one beyond its pivot is compensated with a warning, from its last step to its first', async () => {
  const { id } = await orders.start('cart 2')
  await until(async () => expect(await run({ ...shop, id })).toMatchObject({ run: { state: 'failed' } }))
  const { preview } = await act('saga.compensate', { ...shop, id })
  expect(preview).toMatchObject({
    summary: '2 steps of order will be taken back: charge, reserve.',
    warnings: ['It is beyond charge, after which its code goes forward only.'],
  })
  await until(async () => expect(await run({ ...shop, id })).toMatchObject({ run: { state: 'compensated' } }))
  expect(did.slice(-2)).toEqual(['refund', 'free'])
})

test('one in the memory of a process is asked and acted on there', async () => {
  const { id } = await local.start(null)
  const here = { service: 'tools', saga: 'local' }
  await until(async () => expect(await run({ ...here, id })).toMatchObject({ run: { state: 'failed' } }))
  const found = await run({ ...here, id })
  expect(found?.process).toHaveLength(26)
  const { done } = await act('saga.compensate', { ...here, id, process: found?.process })
  expect(done).toMatchObject({ status: 'succeeded' })
  await until(async () => expect(await run({ ...here, id })).toMatchObject({ run: { state: 'compensated' } }))
})

test('what is not there is said plainly', async () => {
  const part = (await console.view(sagaView, environment(), operator, { id: 'shop/nothing' })).data.found
  expect(part).toMatchObject({ status: 'up', data: {} })
  expect(await run({ ...shop, id: 'nothing' })).toBeUndefined()
  const request = (input: object) => ({ environment: environment(), operation: 'saga.retry', input })
  const why = { reason: 'a test' }
  expect(await refusalOf(console.runner.preview(operator, request({ ...shop, id: 'nothing', ...why })))).toMatchObject({
    code: 'not_found',
  })
  expect(
    await refusalOf(console.runner.preview(operator, request({ service: 'shop', saga: 'no', id: 'x', ...why }))),
  ).toMatchObject({ code: 'not_found', fields: { saga: expect.any(String) } })
  const unheld = (await console.view(sagaRunsView, environment(), operator, { service: 'shop', saga: 'no' })).data.runs
  expect(unheld).toMatchObject({ status: 'down', reason: expect.stringContaining('No living process') })
})
