import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../../../../core/ids.ts'
import { type FleetMember, joinFleet } from '../../../../infrastructure/fleet/index.ts'
import { createQueues, type Queue, type Queues } from '../../../../infrastructure/queue/index.ts'
import { type Breaker, createBreakerRegistry } from '../../../../infrastructure/resilience/index.ts'
import { createDatabase, redisUrl } from '../../../../infrastructure/testing/servers.ts'
import type { Console } from '../../../open.ts'
import { actorOf, openTestConsole, TEST_FLEET_KEY, testSettings } from '../../../testing/open-test-console.ts'
import { finishedIn } from '../../../testing/outcomes.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
let queues: Queues
let member: FleetMember
let breaker: Breaker
let queue: Queue
const prefix = `t-${newId()}`
const operator = actorOf('operator')
const RATE = 20

beforeAll(async () => {
  database = await createDatabase()
  const settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  console = await openTestConsole(settings)
  const breakers = createBreakerRegistry()
  breaker = breakers.create({ name: 'mailer', policy: { kind: 'consecutive', failures: 1 }, halfOpenAfterMs: 600_000 })
  queues = await createQueues({ redisUrl: redisUrl(), prefix }, { breakers })
  queue = await queues.queue('letters')
  let mended = false
  await queues.work('letters', () => (mended ? 'sent' : Promise.reject(new Error('mailbox full'))), {
    dependsOn: ['mailer'],
    concurrency: 10,
  })
  await queue.addBulk(Array.from({ length: 400 }, (_, at) => ({ name: 'send', data: { at } })))
  await vi.waitFor(async () => expect((await queue.counts()).failed).toBe(400), 20_000)
  mended = true
  const environment = settings.environments[0]?.name ?? ''
  const about = { redisUrl: redisUrl(), environment, service: 'worker', instance: 'worker-1', key: TEST_FLEET_KEY }
  member = joinFleet({ ...about, breakers, workers: queues })
  await member.start()
}, 40_000)
afterAll(async () => {
  await member?.stop()
  await queues?.close({ timeoutMs: 500 })
  await console?.close()
  await database?.drop()
})

test('a replay stops within a second of the opening of a breaker that its workers depend on', async () => {
  const environment = console.settings.environments[0]?.name ?? ''
  const { jobs } = await queue.deadLetters({ limit: 400 })
  const which = { by: 'ids', server: 'fleet', queue: `${prefix}:letters`, ids: jobs.map(({ id }) => id) }
  const request = { environment, operation: 'dead-letters.replay', input: { which, rate: RATE } }
  const preview = await console.runner.preview(operator, request)
  const run = await console.runner.run(operator, { ...request, token: preview.token })
  await vi.waitFor(async () => expect((await queue.counts()).failed).toBeLessThan(390), 20_000)
  await breaker.execute(() => Promise.reject(new Error('down'))).catch(() => {})
  const left = (await queue.counts()).failed
  const over = await finishedIn(console, operator, run)
  expect(over.status).toBe('partial')
  expect(over.summary).toContain(
    `Stopped, because the breaker mailer, on which the workers of ${prefix}:letters depend, is open in worker-1.`,
  )
  // What a second at this rate replays, and one batch that was under way.
  expect(left - (await queue.counts()).failed).toBeLessThanOrEqual(RATE + 1)
  const warned = await console.runner.preview(operator, request)
  expect(warned.warnings[0]).toContain('It would stop at once: the breaker mailer')
}, 60_000)
