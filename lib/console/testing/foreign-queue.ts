import { eq, sql } from 'drizzle-orm'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { operationRun } from '../../../drizzle/schema/index.ts'
import { newId } from '../../core/ids.ts'
import type { QueueMajor } from '../../infrastructure/queue/index.ts'
import { type QueueProgram, startQueueProgram } from '../../infrastructure/testing/bullmq-program.ts'
import { createDatabase, startRedis, type TestRedis } from '../../infrastructure/testing/servers.ts'
import { queueView } from '../areas/queues/views/queue.ts'
import type { Console } from '../open.ts'
import type { Run } from '../platform/operation/wire.ts'
import type { Settings } from '../platform/settings/port.ts'
import { actorOf, openTestConsole, testSettings } from './open-test-console.ts'
import { finishedIn } from './outcomes.ts'

export { refusalOf } from './outcomes.ts'

// A console and a foreign program on its own queue, for the tests of acts on queues. Each test starts them itself.
let database: Awaited<ReturnType<typeof createDatabase>>
/** A server of its own: a hundred thousand jobs would turn other tests' key counts into estimates. */
let server: TestRedis
export let redis: Redis
export let settings: Settings
export let console: Console
export let program: QueueProgram
export let prefix: string
export const operator = actorOf('operator')
/** Its own Redis, which is the fleet's too. */
export const redisAddress = () => server.url
export const environment = () => settings.environments[0]?.name ?? ''

beforeAll(async () => {
  database = await createDatabase()
  server = await startRedis()
  redis = new Redis(server.url)
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
  await database.drop()
})
beforeEach(() => {
  prefix = `t-${newId()}`
  settings = testSettings({ databaseUrl: database.url, redisUrl: server.url })
  settings.environments[0]?.redis.push({ name: 'main', url: server.url, prefixes: [prefix] })
})
afterEach(async () => {
  await console.close()
  await program.close()
})

export async function begin(major: QueueMajor, { without }: { without?: 'flows' | 'skip' } = {}) {
  program = await startQueueProgram(major, { url: server.url, prefix, name: 'mail', ...(without ? { without } : {}) })
  console = await openTestConsole(settings)
}

/** Starts another console after the first one has stopped: it takes over its run, and resolves with the finished run. */
export async function takeOver(): Promise<typeof operationRun.$inferSelect | undefined> {
  console = await openTestConsole(settings)
  const { db } = console.store
  const ours = eq(operationRun.environment, environment())
  await db.update(operationRun).set({ heartbeatAt: sql`now() - interval '1 minute'` }).where(ours)
  await console.runner.reap()
  return vi.waitFor(
    async () => {
      const [row] = await db.select().from(operationRun).where(ours)
      expect(row?.finishedAt).toBeTruthy()
      return row
    },
    { timeout: 30_000 },
  )
}

export const where = () => ({ server: 'main', queue: `${prefix}:mail` })
export const jobs = (count: number, opts: object = {}, data: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ name: `job-${at % 2}`, data: { ...data, at }, opts }))
export const length = (set: string) => redis.zcard(`${prefix}:mail:${set}`)

/** Works so many jobs until they are dead letters. */
export async function bury(count: number, message = 'mailbox full') {
  const ids: string[] = []
  for (let at = 0; at < count; at += 2_000)
    ids.push(
      ...(await program.ask<string[]>('add', { jobs: jobs(Math.min(2_000, count - at), {}, { fail: message }) })),
    )
  const before = await length('failed')
  await program.ask('work', { concurrency: 100 })
  await vi.waitFor(async () => expect(await length('failed')).toBe(before + count), { timeout: 30_000, interval: 50 })
  await program.ask('rest')
  return ids
}

export const finished = (run: Run) => finishedIn(console, operator, run)

export async function act(operation: string, input: object, actor = operator): Promise<Run> {
  const request = { environment: environment(), operation, input: { ...where(), ...input } }
  const { token, target, confirmation } = await console.runner.preview(actor, request)
  return finished(
    await console.runner.run(actor, {
      ...request,
      token,
      ...(confirmation === 'typed' ? { typedName: target.name } : {}),
    }),
  )
}

export const look = async (state: string, filters: Record<string, string> = {}) => {
  const { data } = await console.view(queueView, environment(), operator, { ...where(), state, ...filters })
  if (data.queue.status !== 'up' || data.jobs.status !== 'up') throw new Error('the queue could not be read')
  return { row: data.queue.data.row, jobs: data.jobs.data }
}
