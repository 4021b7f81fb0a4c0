import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ScheduleOptions, ScheduleRun, Scheduler, SchedulerError } from './port.ts'

export interface SchedulerUnderTest {
  scheduler: Scheduler
  close(): Promise<void>
}

/** A day that does not come while a test runs. */
const NEVER = '0 0 29 2 *'

/** What schedules guarantee, whatever they run on. */
export function schedulerContract(name: string, setup: () => Promise<SchedulerUnderTest>): void {
  describe(`${name} keeps the contract of schedulers`, () => {
    let under: SchedulerUnderTest
    let scheduler: Scheduler
    beforeEach(async () => {
      under = await setup()
      scheduler = under.scheduler
    })
    afterEach(() => under.close())

    const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 15_000, interval: 20 })
    const runs = (schedule: string) => scheduler.runs(schedule, { limit: 1_000 })
    const untilRuns = (schedule: string, expected: Partial<ScheduleRun>[]) =>
      until(async () => expect(await runs(schedule)).toMatchObject(expected))

    test('every so many ms: it runs again and again, each due time once', async () => {
      const due: number[] = []
      await scheduler.schedule({ name: 'often', when: { everyMs: 200 } }, ({ dueAt }) => void due.push(dueAt))
      await scheduler.start()
      await until(() => expect(due.length).toBeGreaterThanOrEqual(4))
      expect(new Set(due).size).toBe(due.length)
      expect(due.slice(1).every((at, index) => (at - (due[index] as number)) % 200 === 0)).toBe(true)
    })

    test('a cron expression with seconds runs when it is due', async () => {
      const context = vi.fn()
      await scheduler.start()
      await scheduler.schedule({ name: 'seconds', when: { cron: '* * * * * *', timeZone: 'Asia/Kolkata' } }, context)
      await until(() => expect(context).toHaveBeenCalled())
      const [run] = context.mock.calls[0] ?? []
      expect(run).toMatchObject({
        schedule: 'seconds',
        trigger: 'schedule',
        attempt: 1,
        signal: expect.any(AbortSignal),
      })
      expect(run.dueAt % 1_000).toBe(0)
    })

    test('a single time runs once, also when it is past at the start, and is due no more', async () => {
      const work = vi.fn()
      await scheduler.schedule({ name: 'past', when: { at: Date.now() - 5_000 } }, work)
      await scheduler.schedule({ name: 'soon', when: { at: Date.now() + 300 } }, work)
      await scheduler.start()
      await untilRuns('past', [{ outcome: 'succeeded' }])
      await untilRuns('soon', [{ outcome: 'succeeded' }])
      expect(work).toHaveBeenCalledTimes(2)
    })

    test('a run that fails is kept with its error, and the next one comes', async () => {
      let count = 0
      await scheduler.schedule({ name: 'moody', when: { everyMs: 200 } }, () => {
        if (++count === 1) throw new Error('no paper')
      })
      await scheduler.start()
      await until(async () =>
        expect((await runs('moody')).toReversed()).toMatchObject([
          { outcome: 'failed', message: 'no paper', startedAt: expect.any(Number), endedAt: expect.any(Number) },
          { outcome: 'succeeded' },
          ...Array.from({ length: (await runs('moody')).length - 2 }, () => ({})),
        ]),
      )
    })

    test('after its timeout the signal aborts, and the run counts as timed out', async () => {
      let reason: unknown
      await scheduler.schedule({ name: 'slow', when: { cron: NEVER }, timeoutMs: 100 }, async ({ signal }) => {
        await new Promise(resolve => signal.addEventListener('abort', resolve))
        reason = signal.reason
        throw reason
      })
      await scheduler.start()
      await scheduler.runNow('slow')
      await untilRuns('slow', [{ outcome: 'timed-out', message: 'It took longer than 100 ms', trigger: 'manual' }])
      expect(reason).toBeInstanceOf(Error)
    })

    test('while a run goes on the next one is skipped, and the long one is known as overrunning', async () => {
      const gate = Promise.withResolvers<void>()
      const work = vi.fn(() => gate.promise)
      await scheduler.schedule({ name: 'long', when: { everyMs: 200 } }, work)
      await scheduler.start()
      await until(async () =>
        expect((await runs('long')).filter(({ outcome }) => outcome === 'skipped').length).toBeGreaterThan(1),
      )
      expect(work).toHaveBeenCalledTimes(1)
      gate.resolve()
      await until(async () =>
        expect(await runs('long')).toContainEqual(expect.objectContaining({ outcome: 'succeeded', overran: true })),
      )
    })

    test('runs overlap where that is allowed', async () => {
      const gate = Promise.withResolvers<void>()
      const work = vi.fn(() => gate.promise)
      await scheduler.schedule({ name: 'many', when: { everyMs: 150 }, overlap: 'allow' }, work)
      await scheduler.start()
      await until(() => expect(work.mock.calls.length).toBeGreaterThanOrEqual(3))
      gate.resolve()
    })

    test('paused: what is due is noted as skipped; run now runs it nevertheless; resumed, it runs again', async () => {
      const work = vi.fn()
      await scheduler.schedule({ name: 'quiet', when: { everyMs: 200 } }, work)
      await scheduler.pause('quiet', { by: 'ada', reason: 'month end' })
      await scheduler.start()
      await until(async () =>
        expect(await runs('quiet')).toContainEqual(
          expect.objectContaining({ outcome: 'skipped', message: 'Paused by ada: month end' }),
        ),
      )
      expect(work).not.toHaveBeenCalled()
      expect(scheduler.reports()).toMatchObject([{ name: 'quiet', paused: { by: 'ada', reason: 'month end' } }])
      const runId = await scheduler.runNow('quiet', { by: 'ada' })
      await until(() => expect(work).toHaveBeenCalledTimes(1))
      expect(work).toHaveBeenCalledWith(expect.objectContaining({ runId, trigger: 'manual' }))
      await scheduler.resume('quiet')
      await until(() => expect(work.mock.calls.length).toBeGreaterThan(2))
      expect(scheduler.reports()[0]?.paused).toBeUndefined()
    })

    test('a pause ends at its time', async () => {
      const work = vi.fn()
      await scheduler.schedule({ name: 'nap', when: { everyMs: 200 } }, work)
      await scheduler.pause('nap', { until: Date.now() + 500 })
      await scheduler.start()
      await until(() => expect(work).toHaveBeenCalled())
      expect((await runs('nap')).some(({ outcome }) => outcome === 'skipped')).toBe(true)
    })

    test('providers declare schedules at the start; a jitter delays, and does not lose', async () => {
      const tenants: string[] = []
      scheduler.provide(async function* () {
        for (const tenant of ['a', 'b'])
          yield {
            name: `bill-${tenant}`,
            when: { everyMs: 60_000 },
            jitterMs: 50,
            handler: () => void tenants.push(tenant),
          }
      })
      await scheduler.start()
      await until(() => expect(tenants.toSorted()).toEqual(['a', 'b']))
      expect(scheduler.reports().map(({ name }) => name)).toEqual(['bill-a', 'bill-b'])
    })

    test('a removed schedule runs no more, and can be declared again with another timing', async () => {
      const work = vi.fn()
      await scheduler.start()
      await scheduler.schedule({ name: 'gone', when: { everyMs: 100 } }, work)
      await until(() => expect(work).toHaveBeenCalled())
      expect(await scheduler.unschedule('gone')).toBe(true)
      expect(await scheduler.unschedule('gone')).toBe(false)
      expect(scheduler.reports()).toEqual([])
      await scheduler.schedule({ name: 'gone', when: { cron: NEVER } }, work)
      expect(scheduler.reports()).toMatchObject([{ name: 'gone', cron: NEVER, nextAt: expect.any(Number) }])
    })

    test('a changed timing is in force for all, across a new declaration of the same, until it is restored', async () => {
      const work = vi.fn()
      await scheduler.schedule({ name: 'moved', when: { cron: NEVER } }, work)
      await scheduler.start()
      await scheduler.pause('moved', { reason: 'stays paused' })
      await scheduler.resume('moved')
      await scheduler.change('moved', { everyMs: 500 }, { by: 'ada', reason: 'stock is short' })
      await until(() => expect(work.mock.calls.length).toBeGreaterThanOrEqual(3))
      expect(scheduler.reports()).toMatchObject([
        { everyMs: 500, changed: { declared: { cron: NEVER }, by: 'ada', reason: 'stock is short' } },
      ])
      expect(scheduler.reports()[0]).not.toHaveProperty('cron')
      const outcomes = new Set((await runs('moved')).map(({ outcome }) => outcome ?? 'running'))
      expect([...outcomes].filter(outcome => outcome === 'missed')).toEqual([])

      await scheduler.change('moved', { cron: NEVER, timeZone: 'UTC' })
      expect(scheduler.reports()[0], 'what is declared, with the zone that is meant').not.toHaveProperty('changed')
      await scheduler.change('moved', { everyMs: 600_000 })
      expect(scheduler.reports()[0]).toHaveProperty('changed')
      await scheduler.restore('moved')
      expect(scheduler.reports()).toMatchObject([{ cron: NEVER, nextAt: expect.any(Number) }])
      expect(scheduler.reports()[0]).not.toHaveProperty('changed')
      await until(async () => expect((await runs('moved'))[0]?.outcome).toBeDefined())
      const after = work.mock.calls.length
      await scheduler.runNow('moved')
      await until(() => expect(work.mock.calls.length).toBeGreaterThan(after))
    })

    test('a change to what cannot be due is refused, one to the declared timing is none, and it works on a single time', async () => {
      const at = Date.now() + 3_600_000
      await scheduler.schedule({ name: 'later', when: { at } }, () => undefined)
      await scheduler.start()
      await expect(scheduler.change('later', { cron: 'often' })).rejects.toMatchObject({ code: 'SCHEDULER_OPTIONS' })
      await expect(scheduler.change('none', { everyMs: 1_000 })).rejects.toMatchObject({ code: 'SCHEDULER_UNKNOWN' })
      await scheduler.change('later', { at: at + 1_000 })
      expect(scheduler.reports()).toMatchObject([{ at: at + 1_000, nextAt: at + 1_000, changed: { declared: { at } } }])
      await scheduler.change('later', { at })
      expect(scheduler.reports()[0]).not.toHaveProperty('changed')
      await scheduler.change('later', { at: Date.now() + 50 })
      await untilRuns('later', [{ outcome: 'succeeded' }])
    })

    test('old runs are removed', async () => {
      await scheduler.schedule({ name: 'tidy', when: { cron: NEVER } }, () => undefined)
      await scheduler.start()
      await scheduler.runNow('tidy')
      await untilRuns('tidy', [{ outcome: 'succeeded' }])
      expect(await scheduler.removeRuns(60_000)).toBe(0)
      expect(await scheduler.removeRuns(-1_000)).toBe(1)
      expect(await runs('tidy')).toEqual([])
    })

    test('closing waits for a run, then aborts it; what comes later is refused', async () => {
      await scheduler.schedule(
        { name: 'last', when: { cron: NEVER } },
        ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      )
      await scheduler.start()
      await scheduler.runNow('last')
      await untilRuns('last', [{ startedAt: expect.any(Number) }])
      const before = scheduler.revision
      await scheduler.close({ timeoutMs: 50 })
      expect(scheduler.reports()[0]?.runs).toMatchObject([{ outcome: 'aborted' }])
      expect(scheduler.revision).toBeGreaterThan(before)
      await expect(scheduler.runNow('last')).rejects.toMatchObject({ code: 'SCHEDULER_CLOSED' })
    })

    test.each([
      { name: 'a:b', when: { everyMs: 1_000 } },
      { name: 'a', when: { cron: 'often' } },
      { name: 'a', when: { cron: NEVER, timeZone: 'Mars/Olympus' } },
      { name: 'a', when: { everyMs: 0 } },
      { name: 'a', when: { everyMs: 1_000 }, timeoutMs: 0 },
      { name: 'a', when: { everyMs: 1_000 }, catchUp: { all: -1 } },
    ] satisfies ScheduleOptions[])('refuses %j', async options => {
      const code: SchedulerError['code'] = 'SCHEDULER_OPTIONS'
      await expect(scheduler.schedule(options, () => undefined)).rejects.toMatchObject({ code })
    })

    test('refuses a name twice, and an act on an unknown one', async () => {
      await scheduler.schedule({ name: 'a', when: { cron: NEVER } }, () => undefined)
      await expect(scheduler.schedule({ name: 'a', when: { cron: NEVER } }, () => undefined)).rejects.toMatchObject({
        code: 'SCHEDULER_OPTIONS',
      })
      for (const act of [scheduler.runNow('b'), scheduler.pause('b'), scheduler.resume('b'), scheduler.restore('b')])
        await expect(act).rejects.toMatchObject({ code: 'SCHEDULER_UNKNOWN' })
    })
  })
}
