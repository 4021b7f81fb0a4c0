import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { joinFleet } from '../../../infrastructure/fleet/index.ts'
import { createScheduler, type Scheduler } from '../../../infrastructure/scheduler/index.ts'
import { createDatabase, redisUrl } from '../../../infrastructure/testing/servers.ts'
import type { Console } from '../../open.ts'
import { actorOf, openTestConsole, TEST_FLEET_KEY, testSettings } from '../../testing/open-test-console.ts'
import { finishedIn, refusalOf } from '../../testing/outcomes.ts'
import { scheduleView } from './views/schedule.ts'
import { scheduleRunsView } from './views/schedule-runs.ts'
import { schedulesView } from './views/schedules.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
let redis: Redis
let queue: Queue
const prefix = `t-${newId()}`
const schedulers: Scheduler[] = []
const members: { stop(): Promise<void> }[] = []
const ran: string[] = []
const operator = actorOf('operator')
const environment = () => console.settings.environments[0]?.name ?? ''

beforeAll(async () => {
  database = await createDatabase()
  redis = new Redis(redisUrl(), { maxRetriesPerRequest: null })
  const settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  Object.assign(settings.environments[0] as object, { redis: [{ name: 'main', url: redisUrl(), prefixes: [prefix] }] })
  queue = new Queue('reports', { connection: redis, prefix })
  await queue.upsertJobScheduler('weekly', { pattern: '0 4 * * 1', tz: 'Europe/Berlin' }, { name: 'weekly', data: {} })
  console = await openTestConsole(settings)
  for (const instance of ['billing-1', 'billing-2']) {
    const scheduler = await createScheduler({ service: 'billing', redisUrl: redisUrl(), prefix })
    await scheduler.schedule({ name: 'invoices', when: { cron: '30 2 * * *', timeZone: 'Europe/Berlin' } }, () => {
      ran.push(instance)
      throw new Error('no paper')
    })
    await scheduler.start()
    schedulers.push(scheduler)
    const member = joinFleet({
      redisUrl: redisUrl(),
      environment: environment(),
      service: 'billing',
      instance,
      key: TEST_FLEET_KEY,
      schedules: scheduler,
    })
    await member.start()
    members.push(member)
  }
})
afterAll(async () => {
  await Promise.all(members.map(member => member.stop()))
  await Promise.all(schedulers.map(scheduler => scheduler.close({ timeoutMs: 100 })))
  await queue?.close()
  redis?.disconnect()
  await console?.close()
  await database?.drop()
})

const list = async (filters: Record<string, string> = {}) =>
  (await console.view(schedulesView, environment(), operator, filters)).data
const one = async (id: string) => {
  const { schedule, ...rest } = (await console.view(scheduleView, environment(), operator, { id })).data
  return { ...rest, row: schedule?.status === 'up' ? schedule.data : undefined }
}
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 100 })
async function act(operation: string, input: object) {
  const request = { environment: environment(), operation, input }
  const { token, ...preview } = await console.runner.preview(operator, request)
  const run = await finishedIn(console, operator, await console.runner.run(operator, { ...request, token }))
  return { preview, run }
}
const OWN = 'own/billing/invoices'
const target = { service: 'billing', schedule: 'invoices' }

test('a schedule of two processes is one row, in words, and so is a scheduler of BullMQ that no service reports', async () => {
  await until(async () => {
    const { rows, sources, counts } = await list({ q: '' })
    expect(sources.map(({ part }) => part.status)).toEqual(sources.map(() => 'up'))
    const ours = rows.filter(({ id, queue }) => id === OWN || queue?.startsWith(prefix))
    expect(ours.sort((a, b) => a.name.localeCompare(b.name))).toMatchObject([
      { id: OWN, library: 'Substation', words: 'At 02:30', nextAt: expect.any(Number) },
      {
        id: `bullmq/main/${prefix}:reports/weekly`,
        library: 'BullMQ',
        words: 'At 04:00, only on Monday',
        state: 'waiting',
        nextJob: expect.stringMatching(/^repeat:weekly:\d+$/),
      },
    ])
    expect(counts.all).toBeGreaterThanOrEqual(2)
  })
  const { row, next, clockChanges } = await one(OWN)
  expect(row?.processes).toMatchObject([{ alive: true }, { alive: true }])
  expect(next).toHaveLength(5)
  expect(clockChanges.map(({ localTime }) => localTime.slice(-5))).toContain('02:30')
})

test('run now runs it in one process, its failure is listed and needs attention', async () => {
  ran.length = 0
  const { run, preview } = await act('schedule.run', target)
  expect(preview.affected).toMatchObject({ count: 1 })
  expect(run).toMatchObject({ status: 'succeeded' })
  await until(async () =>
    expect((await one(OWN)).row).toMatchObject({
      state: 'troubled',
      runs: expect.arrayContaining([
        expect.objectContaining({
          ...{ outcome: 'failed', message: 'no paper', trigger: 'manual', by: operator.name },
          process: expect.stringMatching(/^billing-[12]$/),
        }),
      ]),
    }),
  )
  expect(ran).toHaveLength(1)
  expect((await list({ state: 'trouble' })).rows.map(({ id }) => id)).toContain(OWN)
})

test('paused with a reason for all processes, shown with who and until when, undone by resuming', async () => {
  const { run } = await act('schedule.pause', { ...target, minutes: 15, reason: 'month end' })
  const paused = () => schedulers.map(scheduler => scheduler.reports()[0]?.paused?.reason)
  await until(async () => expect(paused()).toEqual(['month end', 'month end']))
  await until(async () =>
    expect((await one(OWN)).row?.paused).toMatchObject({ by: operator.name, until: expect.any(Number) }),
  )
  await finishedIn(console, operator, await console.runner.undo(operator, environment(), run.id))
  await until(async () => expect(paused()).toEqual([undefined, undefined]))
  await until(async () => expect((await one(OWN)).row?.paused).toBeUndefined())
  const again = await act('schedule.resume', target)
  expect(again.preview.warnings).toContain('It is not paused.')
}, 40_000)

test('when it runs is changed for all processes, shown with what its code declares, undone and restored', async () => {
  const everyTen = { ...target, when: { everyMs: 600_000 }, reason: 'stock is short' }
  const { preview, run } = await act('schedule.change', everyTen)
  expect(preview.summary).toMatch(/^invoices will run every 10 minutes\. Next: .+; .+; .+\.$/)
  expect(run).toMatchObject({ status: 'succeeded' })
  const timings = () =>
    schedulers.map(scheduler => scheduler.reports()[0]).map(report => report?.cron ?? report?.everyMs)
  await until(async () => expect(timings()).toEqual([600_000, 600_000]))
  await until(async () =>
    expect((await one(OWN)).row).toMatchObject({
      words: 'Every 10 minutes',
      changed: {
        by: operator.name,
        reason: 'stock is short',
        declared: { words: 'At 02:30', timeZone: 'Europe/Berlin' },
      },
    }),
  )
  const second = await act('schedule.change', { ...everyTen, when: { cron: '0 4 * * *', timeZone: 'Asia/Kolkata' } })
  await until(async () => expect((await one(OWN)).row?.cron).toBe('0 4 * * *'))
  expect(second.run.status).toBe('succeeded')
  // What came later is undone first, and leaves nothing of what it replaced.
  expect(await refusalOf(console.runner.undo(operator, environment(), run.id))).toMatchObject({ code: 'conflict' })
  await finishedIn(console, operator, await console.runner.undo(operator, environment(), second.run.id))
  await until(async () => expect((await one(OWN)).row?.words).toBe('Every 10 minutes'))
  expect((await act('schedule.restore', target)).run.status).toBe('succeeded')
  await until(async () => expect((await one(OWN)).row).toMatchObject({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' }))
  expect((await one(OWN)).row?.changed).toBeUndefined()
  const { preview: idle } = await act('schedule.restore', target)
  expect(idle.warnings).toContain('It already runs when its code declares.')
}, 60_000)

test('a timing that cannot be, or is never due, is refused with its field', async () => {
  const change = (when: object) => refusalOf(act('schedule.change', { ...target, when, reason: 'a try' }))
  expect(await change({ cron: 'often' })).toMatchObject({
    ...{ code: 'invalid', message: expect.stringContaining('often') },
    fields: { when: expect.stringContaining('no cron expression') },
  })
  expect(await change({ cron: '0 0 31 4,6 *' })).toMatchObject({ fields: { when: 'is never due' } })
  expect(await change({ everyMs: 10 })).toMatchObject({ code: 'invalid' })
  expect(
    await refusalOf(
      console.runner.preview(actorOf('viewer'), {
        environment: environment(),
        operation: 'schedule.change',
        input: { ...target, when: { everyMs: 60_000 }, reason: 'a try' },
      }),
    ),
  ).toMatchObject({ code: 'forbidden' })
})

test('kept runs are asked of a process, and one that does not answer is not an empty list', async () => {
  await act('schedule.run', target)
  const read = async (filters: Record<string, string>) =>
    (await console.view(scheduleRunsView, environment(), operator, filters)).data.runs
  await until(async () =>
    expect(await read(target)).toMatchObject({
      status: 'up',
      data: {
        cut: false,
        asked: 2,
        answered: 2,
        runs: expect.arrayContaining([expect.objectContaining({ trigger: 'manual', outcome: 'failed' })]),
      },
    }),
  )
  expect(await read({ service: 'billing', schedule: 'none' })).toMatchObject({
    status: 'down',
    reason: expect.stringContaining('none'),
  })
}, 40_000)

test('a schedule that no process has is refused, and an unknown one is not shown as another', async () => {
  expect(await refusalOf(act('schedule.run', { service: 'billing', schedule: 'none' }))).toMatchObject({
    code: 'not_found',
  })
  expect(await one('own/billing/none')).toMatchObject({ row: undefined, unknown: [] })
})
