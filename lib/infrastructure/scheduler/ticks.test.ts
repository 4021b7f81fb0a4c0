import { beforeEach, expect, test, vi } from 'vitest'
import { timings } from './adapters/cron.ts'
import { memoryRuns, memorySchedules } from './adapters/memory.ts'
import type { RunHistory, ScheduleBackend, Tick } from './backend.ts'
import { KeptRuns } from './kept-runs.ts'
import type { ScheduleDeclaration } from './port.ts'
import { Ticks } from './ticks.ts'

let backend: ScheduleBackend
let history: RunHistory
let problems: unknown[]
let work: ReturnType<typeof vi.fn<() => unknown>>
const running = new AbortController().signal

beforeEach(() => {
  backend = memorySchedules()
  history = memoryRuns()
  problems = []
  work = vi.fn<() => unknown>()
})

const onError = (error: unknown) => void problems.push(error)
function ticks(options?: Partial<ScheduleDeclaration>) {
  const one = options && { name: 'bills', when: { everyMs: 1_000 }, handler: work, ...options }
  return new Ticks({ backend, runs: new KeptRuns(history, onError), timings, declared: () => one, onError })
}
const tick = (changes: Partial<Tick> = {}): Tick => ({
  id: 'tick',
  name: 'bills',
  dueAt: Date.now(),
  trigger: 'schedule',
  attempt: 1,
  ...changes,
})
const runs = () => history.list('bills', 1_000)

test('a schedule that is not declared here is left to another process, and is noted as missed after a minute', async () => {
  expect(await ticks().handle(tick(), running)).toBe('later')
  expect(await runs()).toEqual([])
  expect(await ticks().handle(tick({ dueAt: Date.now() - 61_000, by: 'ada' }), running)).toBe('done')
  expect(await runs()).toMatchObject([
    { outcome: 'missed', message: 'No process declares this schedule any more', by: 'ada' },
  ])
})

test('a run whose process crashed is lost, and begins again once', async () => {
  await history.add({ id: 'tick', schedule: 'bills', dueAt: 1, trigger: 'schedule', attempt: 1 })
  const [first, second] = [tick({ attempt: 2 }), tick({ attempt: 3 })]
  await ticks({}).handle(first, running)
  expect(work).toHaveBeenCalledTimes(1)
  expect(await runs()).toMatchObject([
    { id: 'tick-attempt-2', outcome: 'succeeded', attempt: 2 },
    { id: 'tick', outcome: 'lost' },
  ])
  await ticks({}).handle(second, running)
  expect(work).toHaveBeenCalledTimes(1)
})

test('without retakes a run whose process crashed stays lost', async () => {
  expect(await ticks({ retakes: 0 }).handle(tick({ attempt: 2 }), running)).toBe('done')
  expect(work).not.toHaveBeenCalled()
})

test('what was dealt with already does not run again', async () => {
  const due = tick()
  await backend.change('bills', { lastDueAt: due.dueAt })
  expect(await ticks({}).handle(due, running)).toBe('done')
  expect(work).not.toHaveBeenCalled()
})

test.each([
  [{}, 'Paused'],
  [{ by: 'ada' }, 'Paused by ada'],
  [{ reason: 'month end' }, 'Paused: month end'],
])('paused with %j it is skipped, and the run says: %s', async (pause, message) => {
  await backend.change('bills', { paused: { since: 1, ...pause } })
  await ticks({}).handle(tick(), running)
  expect(await runs()).toMatchObject([{ outcome: 'skipped', message }])
  expect(work).not.toHaveBeenCalled()
})

test('a pause that is over skips nothing', async () => {
  await backend.change('bills', { paused: { since: 1, until: 2 } })
  await ticks({}).handle(tick(), running)
  expect(work).toHaveBeenCalledTimes(1)
})

test('of very many missed runs the newest hundred are noted, and how many came before them', async () => {
  const due = tick({ dueAt: Date.now() - 200_000 })
  await backend.change('bills', { lastDueAt: due.dueAt - 1_000 })
  await ticks({ catchUp: 'skip', lateAfterMs: 0, when: { cron: '* * * * * *' } }).handle(due, running)
  const noted = await runs()
  expect(noted.length).toBeGreaterThanOrEqual(100)
  expect(noted.length).toBeLessThanOrEqual(101)
  const words = noted.map(({ message }) => message)
  expect(words.filter(message => /^No process began it in time, and \d+ before it$/.test(message ?? ''))).toHaveLength(
    1,
  )
})

test('few missed runs are each noted, and nothing is said of others', async () => {
  const due = tick({ dueAt: Date.now() - 5_000 })
  await ticks({ catchUp: 'skip', lateAfterMs: 1_000, when: { at: due.dueAt } }).handle(due, running)
  expect(await runs()).toMatchObject([{ outcome: 'missed', message: 'No process began it in time' }])
})

test('while a run goes on, one that is caught up waits and one that is due is skipped', async () => {
  await backend.claim('bills', 'another')
  expect(await ticks({}).handle(tick({ trigger: 'catch-up' }), running)).toBe('later')
  expect(await runs()).toEqual([])
  expect(await ticks({}).handle(tick(), running)).toBe('done')
  expect(await runs()).toMatchObject([{ outcome: 'skipped', message: 'Its last run was still going on' }])
  await ticks({ overlap: 'allow' }).handle(tick({ id: 'other', dueAt: Date.now() + 1 }), running)
  expect(work).toHaveBeenCalledTimes(1)
})

test('a process that stops does not wait out the jitter, and its run is aborted', async () => {
  work.mockImplementation(() => new Promise(() => undefined))
  const handled = ticks({ jitterMs: 3_600_000 }).handle(tick(), AbortSignal.abort())
  expect(await handled).toBe('done')
  expect(await runs()).toMatchObject([{ outcome: 'aborted' }])
})

test('a lease that cannot be given back is reported, and the run counts', async () => {
  const refusal = new Error('Redis went away')
  const release = async () => {
    throw refusal
  }
  backend = { ...backend, release }
  await ticks({}).handle(tick(), running)
  expect(await runs()).toMatchObject([{ outcome: 'succeeded' }])
  await vi.waitFor(() => expect(problems).toEqual([refusal]))
})
