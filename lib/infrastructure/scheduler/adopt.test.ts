import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { adoptSchedules } from './adopt.ts'

/** Announces its runs as a task of node-cron does. */
class Task extends EventEmitter {
  next: Date | null = null
  getNextRun() {
    return this.next
  }
}

const at = (ms: number) => new Date(ms)

describe('a task of node-cron', () => {
  function adoptedTask() {
    const task = new Task()
    const adopted = adoptSchedules({ service: 'shop' })
    adopted.addNodeCron(task, { name: 'bills', cron: '0 3 * * *', owner: 'ada' })
    const report = () => {
      const [only] = adopted.reports()
      if (!only) throw new Error('nothing was adopted')
      return only
    }
    return { task, adopted, report }
  }

  test('is reported with its next run, and without one when there is none', () => {
    const { task, report } = adoptedTask()
    expect(report()).toEqual({
      name: 'bills',
      cron: '0 3 * * *',
      owner: 'ada',
      service: 'shop',
      adopted: 'node-cron',
      shared: false,
      runs: [],
    })
    task.next = at(9_000)
    expect(report()).toMatchObject({ nextAt: 9_000 })
  })

  test('a run goes on from its start until it has finished', () => {
    const { task, report } = adoptedTask()
    task.emit('execution:started', { date: at(1_000), execution: { startedAt: at(1_005) } })
    expect(report().runs).toEqual([
      { id: 'bills-1005', schedule: 'bills', dueAt: 1_000, trigger: 'schedule', attempt: 1, startedAt: 1_005 },
    ])
    task.emit('execution:finished', { date: at(1_000), execution: { startedAt: at(1_005), finishedAt: at(1_500) } })
    expect(report().runs).toMatchObject([{ id: 'bills-1005', outcome: 'succeeded', endedAt: 1_500 }])
  })

  test('a run that failed has its error', () => {
    const { task, report } = adoptedTask()
    task.emit('execution:failed', {
      date: at(1_000),
      execution: { startedAt: at(1_000), finishedAt: at(1_200), error: new Error('no paper') },
    })
    expect(report().runs).toMatchObject([{ outcome: 'failed', endedAt: 1_200, message: 'no paper' }])
  })

  test('times that the task does not tell are those at which it told the rest', () => {
    const { task, report } = adoptedTask()
    const before = Date.now()
    task.emit('execution:finished', {})
    const [run] = report().runs
    expect(run?.startedAt).toBeGreaterThanOrEqual(before)
    expect(run?.dueAt).toBe(run?.startedAt)
    expect(run?.endedAt).toBeGreaterThanOrEqual(before)
  })

  test('the newest twelve runs are kept, the newest first', () => {
    const { task, report } = adoptedTask()
    for (let second = 1; second <= 14; second++)
      task.emit('execution:started', { execution: { startedAt: at(second * 1_000) } })
    const times = report().runs.map(({ dueAt }) => dueAt)
    expect(times).toHaveLength(12)
    expect([times[0], times.at(-1)]).toEqual([14_000, 3_000])
  })

  test('the revision changes with its runs and its next run, and only then', () => {
    const { task, adopted } = adoptedTask()
    const first = adopted.revision
    expect(adopted.revision).toBe(first)
    task.next = at(9_000)
    expect(adopted.revision).toBe(first + 1)
    task.emit('execution:started', { execution: { startedAt: at(1_000) } })
    expect(adopted.revision).toBe(first + 2)
  })
})

describe('a job of croner', () => {
  const job = (times: { next?: number; last?: number; pattern?: string }) => ({
    nextRun: () => (times.next === undefined ? null : at(times.next)),
    previousRun: () => (times.last === undefined ? null : at(times.last)),
    getPattern: () => times.pattern,
  })

  test('is reported with its pattern, and its last and next run', () => {
    const adopted = adoptSchedules({ service: 'shop' })
    adopted.addCroner(job({ next: 9_000, last: 3_000, pattern: '0 3 * * *' }), { name: 'bills' })
    expect(adopted.reports()).toEqual([
      {
        name: 'bills',
        cron: '0 3 * * *',
        service: 'shop',
        adopted: 'croner',
        shared: false,
        nextAt: 9_000,
        lastAt: 3_000,
        runs: [],
      },
    ])
  })

  test('a pattern that is given goes before its own', () => {
    const adopted = adoptSchedules({ service: 'shop' })
    adopted.addCroner(job({ pattern: '0 3 * * *' }), { name: 'bills', cron: '@daily' })
    expect(adopted.reports()).toMatchObject([{ cron: '@daily' }])
  })

  test('one for a single time has neither a pattern nor, once it is past, a next run', () => {
    const adopted = adoptSchedules({ service: 'shop' })
    adopted.addCroner(job({}), { name: 'once' })
    expect(adopted.reports()).toEqual([{ name: 'once', service: 'shop', adopted: 'croner', shared: false, runs: [] }])
  })
})
