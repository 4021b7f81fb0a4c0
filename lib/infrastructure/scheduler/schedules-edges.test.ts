import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { freePort } from '../testing/free-port.ts'
import { redisUrl } from '../testing/servers.ts'
import { bullmqSchedules } from './adapters/bullmq.ts'
import { timings } from './adapters/cron.ts'
import { memoryRuns, memorySchedules } from './adapters/memory.ts'
import type { ScheduleBackend, Tick } from './backend.ts'
import { createScheduler } from './index.ts'
import { schedulerOver } from './scheduler.ts'

/** A day that does not come while a test runs. */
const NEVER = '0 0 29 2 *'
const HOUR = 3_600_000

describe('a scheduler', () => {
  function over(backend: ScheduleBackend) {
    return schedulerOver({ service: 'shop', backend, history: memoryRuns(), timings, onError: () => undefined })
  }

  test('refuses a service that is not a name', async () => {
    await expect(createScheduler({ service: 'my shop' })).rejects.toMatchObject({ code: 'SCHEDULER_OPTIONS' })
  })

  test('is started once, however often it is asked', async () => {
    const scheduler = over(memorySchedules())
    const provider = vi.fn(() => [])
    scheduler.provide(provider)
    await scheduler.start()
    await scheduler.start()
    expect(provider).toHaveBeenCalledTimes(1)
    await scheduler.close()
  })

  test('reports before its start what is declared, and no next run', async () => {
    const scheduler = over(memorySchedules())
    await scheduler.schedule({ name: 'bills', when: { cron: NEVER } }, () => undefined)
    expect(scheduler.reports()).toEqual([{ name: 'bills', cron: NEVER, service: 'shop', shared: false, runs: [] }])
  })

  test('does not report a pause that is over, and refuses one until no time', async () => {
    const scheduler = over(memorySchedules())
    await scheduler.schedule({ name: 'bills', when: { cron: NEVER } }, () => undefined)
    await scheduler.pause('bills', { until: Date.now() - 1_000 })
    expect(scheduler.reports()[0]).not.toHaveProperty('paused')
    await expect(scheduler.pause('bills', { until: Number.NaN })).rejects.toMatchObject({ code: 'SCHEDULER_OPTIONS' })
  })

  test.each([{ paused: { since: 1, by: 'ada' } }, {}])(
    'sets right what a clock that was ahead left behind, and keeps %j',
    async pause => {
      const backend = memorySchedules()
      await backend.change('bills', { lastDueAt: Date.now() + 2 * HOUR, ...pause })
      const scheduler = over({ ...backend, put: async () => false })
      await scheduler.schedule({ name: 'bills', when: { cron: NEVER } }, () => undefined)
      await scheduler.start()
      const { lastDueAt, ...rest } = await backend.state('bills')
      expect(lastDueAt).toBeLessThanOrEqual(Date.now())
      expect(rest).toEqual(pause)
      await scheduler.close()
    },
  )

  test('a schedule that could not be put there can be declared again', async () => {
    const backend = memorySchedules()
    const put = vi.fn(backend.put).mockRejectedValueOnce(new Error('no room'))
    const scheduler = over({ ...backend, put })
    await scheduler.start()
    const declare = () => scheduler.schedule({ name: 'bills', when: { cron: NEVER } }, () => undefined)
    await expect(declare()).rejects.toThrow('no room')
    expect(scheduler.reports()).toEqual([])
    await declare()
    expect(scheduler.reports()).toMatchObject([{ name: 'bills', nextAt: expect.any(Number) }])
    await scheduler.close()
  })
})

describe('schedules in memory', () => {
  const tick: Omit<Tick, 'attempt'> = { id: 'a', name: 'bills', dueAt: 1, trigger: 'manual' }

  test('a tick waits for the start, comes once, and none comes after the end', async () => {
    const backend = memorySchedules()
    const handler = vi.fn(async () => 'done' as const)
    await backend.enqueue(tick)
    await backend.enqueue(tick)
    expect(handler).not.toHaveBeenCalled()
    await backend.start(handler)
    expect(handler).toHaveBeenCalledTimes(1)
    await backend.close(10)
    await backend.enqueue({ ...tick, id: 'b' })
    await backend.put('bills', { everyMs: 1_000 })
    expect(handler).toHaveBeenCalledTimes(1)
  })

  test('a run that is added twice is kept as it was first', async () => {
    const runs = memoryRuns()
    const run = { id: 'a', schedule: 'bills', dueAt: 1, trigger: 'manual', attempt: 1 } as const
    await runs.add(run)
    await runs.add({ ...run, dueAt: 2 })
    expect(await runs.list('bills', 10)).toEqual([run])
    expect(await runs.list('none', 10)).toEqual([])
  })
})

test.each(['0 0 30 2 *', 'often'])('the expression %s, which is due never, is refused', cron => {
  expect(() => timings.nextAfter({ cron }, Date.now())).toThrow(/is not a schedule/)
})

describe('schedules on Redis', () => {
  const config = { queue: 'schedules-shop', timeoutMs: 5_000, lockMs: 1_000, concurrency: 1 }
  let redis: Redis
  let prefix: string
  let backend: ScheduleBackend
  beforeEach(() => {
    redis = new Redis(redisUrl(), { maxRetriesPerRequest: null })
    prefix = `t-${newId()}`
    backend = bullmqSchedules({ redis }, { ...config, prefix })
  })
  afterEach(async () => {
    await backend.close(100)
    await redis.quit()
  })

  test('only another timing is new', async () => {
    const at = Date.now() + HOUR
    const put = (timing: Parameters<ScheduleBackend['put']>[1]) => backend.put('bills', timing)
    for (const timing of [
      { at },
      { at: at + 1 },
      { cron: NEVER },
      { cron: NEVER, timeZone: 'Asia/Kolkata' },
      { cron: '0 3 * * *' },
      { everyMs: HOUR },
      { everyMs: 2 * HOUR },
    ])
      expect([timing, await put(timing), await put(timing)]).toEqual([timing, true, false])
  })

  test('a single time is due until it was dealt with, and then never', async () => {
    const at = Date.now() + HOUR
    await backend.put('bills', { at })
    expect(await backend.nextAt('bills')).toBe(at)
    await backend.change('bills', { lastDueAt: at })
    expect(await backend.nextAt('bills')).toBeUndefined()
    expect(await backend.remove('bills')).toBe(true)
  })

  test('a schedule whose next job was removed is not due until it is put there again', async () => {
    await backend.put('bills', { cron: NEVER })
    const at = await backend.nextAt('bills')
    await redis.del(`${prefix}:${config.queue}:repeat:bills:${at}`)
    expect(await backend.nextAt('bills')).toBeUndefined()
    expect(await backend.put('bills', { cron: NEVER })).toBe(true)
  })

  test('a connection that was passed in stays open', async () => {
    await backend.start(async () => 'done')
    await backend.close(100)
    expect(await redis.ping()).toBe('PONG')
  })

  test('what Redis refuses is told in its words', async () => {
    await redis.set(`${prefix}:${config.queue}:schedule-state:bills`, 'no hash')
    await expect(backend.state('bills')).rejects.toMatchObject({
      code: 'SCHEDULER_REFUSED',
      message: expect.stringContaining('WRONGTYPE'),
    })
  })

  test('a Redis that does not answer is told as unreachable, and can be tried again', async () => {
    const url = `redis://127.0.0.1:${await freePort()}`
    const away = bullmqSchedules({ url }, { ...config, prefix, timeoutMs: 300 })
    await expect(away.state('bills')).rejects.toMatchObject({ code: 'SCHEDULER_UNREACHABLE', retryable: true })
    await away.close(10)
  })
})
