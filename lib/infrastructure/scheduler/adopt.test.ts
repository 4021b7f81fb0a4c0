import { setTimeout as pause } from 'node:timers/promises'
import { Cron } from 'croner'
import { schedule } from 'node-cron'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { adoptSchedules } from './adopt.ts'

const NEVER = '0 3 29 2 *'
let ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends) await end()
  ends = []
})

describe('a task of node-cron', () => {
  const logger = { info() {}, warn() {}, error() {}, debug() {} }
  function adoptedTask(work: () => Promise<unknown> = async () => undefined, cron = NEVER) {
    const task = schedule(cron, work, { timezone: 'UTC', logger })
    ends.push(() => task.destroy())
    const adopted = adoptSchedules({ service: 'shop' })
    adopted.addNodeCron(task, { name: 'bills', cron, owner: 'ada' })
    const report = () => {
      const [only] = adopted.reports()
      if (!only) throw new Error('nothing was adopted')
      return only
    }
    return { task, adopted, report }
  }

  test('is reported with its next run, and without one once it is stopped', async () => {
    const { task, report } = adoptedTask()
    const { nextAt = 0, ...rest } = report()
    expect(rest).toEqual({
      name: 'bills',
      cron: NEVER,
      owner: 'ada',
      service: 'shop',
      adopted: 'node-cron',
      shared: false,
      runs: [],
    })
    expect(new Date(nextAt).toISOString()).toMatch(/-02-29T03:00:00/)
    await task.stop()
    expect(report()).not.toHaveProperty('nextAt')
  })

  test('one run goes on from its start until it has finished', async () => {
    const work = Promise.withResolvers<void>()
    const { task, report } = adoptedTask(() => work.promise)
    const run = task.execute()
    await vi.waitFor(() => expect(report().runs).toHaveLength(1))
    const [going] = report().runs
    expect(going).toMatchObject({ schedule: 'bills', trigger: 'manual', attempt: 1, startedAt: expect.any(Number) })
    expect(going).not.toHaveProperty('outcome')
    work.resolve()
    await run
    expect(report().runs).toEqual([
      { ...going, startedAt: expect.any(Number), outcome: 'succeeded', endedAt: expect.any(Number) },
    ])
  })

  test('a run that is due by the clock is one of the schedule', async () => {
    const { report } = adoptedTask(async () => undefined, '* * * * * *')
    await vi.waitFor(() => expect(report().runs[0]).toMatchObject({ outcome: 'succeeded', trigger: 'schedule' }), {
      timeout: 10_000,
    })
    expect((report().runs[0]?.dueAt ?? 1) % 1_000).toBe(0)
  })

  test('a run that failed has its error', async () => {
    const { task, report } = adoptedTask(() => Promise.reject(new Error('no paper')))
    await task.execute().catch(() => undefined)
    expect(report().runs).toMatchObject([{ outcome: 'failed', endedAt: expect.any(Number), message: 'no paper' }])
  })

  test('the newest twelve runs are kept, the newest first', async () => {
    const { task, report } = adoptedTask(() => pause(2))
    for (let run = 0; run < 14; run++) await task.execute()
    const times = report().runs.map(({ startedAt = 0 }) => startedAt)
    expect(times).toHaveLength(12)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  test('the revision changes with its runs and its next run, and only then', async () => {
    const { task, adopted } = adoptedTask()
    const first = adopted.revision
    expect(adopted.revision).toBe(first)
    await task.execute()
    expect(adopted.revision).toBe(first + 1)
    await task.stop()
    expect(adopted.revision).toBe(first + 2)
  })
})

describe('a job of croner', () => {
  function job(...[when, options = {}]: [when: string | Date, options?: { timezone?: string }]) {
    const found = new Cron(when, options, () => undefined)
    ends.push(() => found.stop())
    return found
  }

  test('is reported with its pattern, and its last and next run', async () => {
    const adopted = adoptSchedules({ service: 'shop' })
    const bills = job('0 3 * * *', { timezone: 'Asia/Kolkata' })
    adopted.addCroner(bills, { name: 'bills', timeZone: 'Asia/Kolkata' })
    const [before] = adopted.reports()
    expect(before).toEqual({
      ...{ name: 'bills', cron: '0 3 * * *', timeZone: 'Asia/Kolkata', service: 'shop', adopted: 'croner' },
      ...{ shared: false, nextAt: expect.any(Number), runs: [] },
    })
    expect(new Date(before?.nextAt ?? 0).toISOString()).toMatch(/T21:30:00/)
    await bills.trigger()
    expect(adopted.reports()).toMatchObject([{ lastAt: expect.any(Number) }])
  })

  test('a pattern that is given goes before its own', () => {
    const adopted = adoptSchedules({ service: 'shop' })
    adopted.addCroner(job('0 3 * * *'), { name: 'bills', cron: '@daily' })
    expect(adopted.reports()).toMatchObject([{ cron: '@daily' }])
  })

  test('one for a single time has neither a pattern nor, once it is past, a next run', () => {
    const adopted = adoptSchedules({ service: 'shop' })
    adopted.addCroner(job(new Date(1_000)), { name: 'once' })
    expect(adopted.reports()).toEqual([{ name: 'once', service: 'shop', adopted: 'croner', shared: false, runs: [] }])
  })
})
