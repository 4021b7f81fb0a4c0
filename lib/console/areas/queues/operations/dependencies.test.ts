import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../../../../core/ids.ts'
import { type FleetMember, joinFleet } from '../../../../infrastructure/fleet/index.ts'
import { createQueues, type Queues } from '../../../../infrastructure/queue/index.ts'
import { type Breaker, createBreakerRegistry } from '../../../../infrastructure/resilience/index.ts'
import { createDatabase, redisUrl } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import { actorOf, openTestConsole, TEST_FLEET_KEY, testSettings } from '../../../testing/open-test-console.ts'
import { finishedIn, refusalOf } from '../../../testing/outcomes.ts'
import { runningView } from '../../running/views/running.ts'
import { queueView } from '../views/queue.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
let queues: Queues
let member: FleetMember
let breaker: Breaker
const prefix = `t-${newId()}`
const operator = actorOf('operator')
const environment = () => console.settings.environments[0]?.name ?? ''
const fleet = { kind: 'fleet' }

beforeAll(async () => {
  database = await createDatabase()
  const settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  console = await openTestConsole(settings)
  const breakers = createBreakerRegistry()
  breaker = breakers.create({
    name: 'payments',
    policy: { kind: 'consecutive', failures: 1 },
    halfOpenAfterMs: 600_000,
  })
  queues = await createQueues({ redisUrl: redisUrl(), prefix }, { breakers })
  await queues.work('captures', () => 'done', { dependsOn: ['payments'] })
  await queues.work('letters', () => 'done')
  member = joinFleet({
    redisUrl: redisUrl(),
    environment: environment(),
    service: 'worker',
    instance: 'worker-1',
    key: TEST_FLEET_KEY,
    breakers,
    workers: queues,
  })
  await member.start()
})
afterAll(async () => {
  await member?.stop()
  await queues?.close({ timeoutMs: 500 })
  await console?.close()
  await database?.drop()
})

async function act(operation: string, input: object) {
  const request = { environment: environment(), operation, input }
  const { token, ...preview } = await console.runner.preview(operator, request)
  const run = await finishedIn(console, operator, await console.runner.run(operator, { ...request, token }))
  return { preview, run }
}
const completed = () => queues.reports().find(({ queue }) => queue === 'captures')?.completed

test('held workers say for which breaker, work on when told to, wait again afterwards, and a viewer may do neither', async () => {
  const queue = await queues.queue('captures')
  await breaker.execute(() => Promise.reject(new Error('down'))).catch(() => {})
  await queue.addBulk([1, 2, 3].map(data => ({ name: 'capture', data })))
  const registered = async () => {
    const filters = { server: 'fleet', queue: `${prefix}:captures` }
    const { registeredWorkers } = (await console.view(queueView, environment(), operator, filters)).data
    return registeredWorkers.status === 'down' ? [] : registeredWorkers.data
  }
  await vi.waitFor(
    async () =>
      expect(await registered()).toMatchObject([
        { dependsOn: ['payments'], heldBy: { breaker: 'payments', probing: false } },
      ]),
    { timeout: 8_000 },
  )
  expect((await queue.counts()).completed).toBe(0)

  const input = { queue: 'captures', scope: fleet, reason: 'the jobs need no payment' }
  const refused = console.runner.run(actorOf('viewer'), {
    environment: environment(),
    operation: 'worker.ignore-dependencies',
    input,
  })
  expect((await refusalOf(refused)).code).toBe('forbidden')

  const { preview, run } = await act('worker.ignore-dependencies', { ...input, minutes: 15 })
  expect(preview.summary).toBe('Workers of captures take jobs whatever payments says, in 1 process for 15 minutes.')
  expect(preview.warnings).toEqual([
    'They are held back in 1 process. Jobs whose call the breaker rejects will fail and spend an attempt.',
  ])
  expect(run).toMatchObject({ status: 'succeeded', summary: 'Let workers of captures work on in worker-1.' })
  await vi.waitFor(() => expect(completed()).toBe(3), { timeout: 8_000 })
  const { overrides } = (await console.view(runningView, environment(), operator, {})).data
  expect(overrides).toMatchObject({
    data: [{ kind: 'queue', name: 'captures', endedBy: 'worker.mind-dependencies', field: 'queue' }],
  })

  const ended = await act('worker.mind-dependencies', { queue: 'captures', scope: fleet })
  expect(ended.run.status).toBe('succeeded')
  await queue.add('capture', 4)
  await vi.waitFor(async () => expect(await registered()).toMatchObject([{ heldBy: { breaker: 'payments' } }]), {
    timeout: 8_000,
  })
  expect(completed()).toBe(3)
  breaker.reset()
  await vi.waitFor(() => expect(completed()).toBe(4), { timeout: 8_000 })
})

test('a queue whose workers depend on nothing is refused, and so is one without a worker', async () => {
  const input = { scope: fleet, reason: 'a test' }
  expect(await refusalOf(act('worker.ignore-dependencies', { ...input, queue: 'letters' }))).toMatchObject({
    code: 'invalid',
    message: 'No worker of letters depends on a breaker.',
  })
  expect(await refusalOf(act('worker.ignore-dependencies', { ...input, queue: 'nothing' }))).toMatchObject({
    code: 'not_found',
    message: 'No living process in this environment has a worker for the queue called nothing.',
  })
})
