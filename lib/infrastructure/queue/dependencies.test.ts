import { afterEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../core/ids.ts'
import { createBreakerRegistry } from '../resilience/index.ts'
import { redisUrl } from '../testing/servers.ts'
import { DependencyGate } from './dependency-gate.ts'
import { createQueues, type Queues, type WorkerOptions } from './index.ts'

const opened: Queues[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map(queues => queues.close({ timeoutMs: 500 })))
})

/** A job that goes on until the test says so. */
const SLOW = -1

async function open(kind: string, options: WorkerOptions = {}, halfOpenAfterMs = 60_000) {
  const breakers = createBreakerRegistry()
  const breaker = breakers.create({
    name: 'payments',
    policy: { kind: 'consecutive', failures: 1 },
    halfOpenAfterMs,
  })
  const config = kind === 'memory' ? {} : { redisUrl: redisUrl(), prefix: `t-${newId()}` }
  const queues = await createQueues(config, { breakers })
  opened.push(queues)
  const queue = await queues.queue('captures')
  let healthy = true
  const done: number[] = []
  let endSlow: () => void = () => {}
  const slow = new Promise<void>(resolve => (endSlow = resolve))
  const worker = await queues.work<number>(
    'captures',
    async ({ data }) => {
      if (data === SLOW) await slow
      await breaker.execute(() => {
        if (!healthy) throw new Error('down')
        done.push(data)
      })
    },
    { dependsOn: ['payments'], resumePerSecond: 1_000, concurrency: 4, ...options },
  )
  const trip = () => breaker.execute(() => Promise.reject(new Error('down'))).catch(() => {})
  const add = (count: number) =>
    queue.addBulk(Array.from({ length: count }, (_, at) => ({ name: 'capture', data: at, options: { attempts: 1 } })))
  return {
    breakers,
    breaker,
    queues,
    queue,
    worker,
    done,
    trip,
    add,
    addSlow: () => queue.add('capture', SLOW, { attempts: 1 }),
    endSlow: () => endSlow(),
    setHealthy(next: boolean) {
      healthy = next
    },
  }
}
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 20 })

describe.each(['memory', 'BullMQ'])('a worker on %s that depends on a breaker', kind => {
  test('takes jobs while it is closed', async () => {
    const { add, done, worker } = await open(kind)
    await add(3)
    await until(() => expect(worker.report()).toMatchObject({ dependsOn: ['payments'], completed: 3 }))
    expect(done).toHaveLength(3)
    expect(worker.report().heldBy).toBeUndefined()
  })

  test('takes none while it is open, so that no attempt is spent, and all of them once it has closed', async () => {
    const { add, done, trip, breaker, worker, queue } = await open(kind)
    await trip()
    await until(() => expect(worker.report().heldBy).toMatchObject({ breaker: 'payments', probing: false }))
    await add(5)
    // A worker of BullMQ that waits for a job when it is paused takes one more, which is returned.
    await until(async () => expect(await queue.counts()).toMatchObject({ waiting: 5, active: 0, failed: 0 }))
    expect(done).toEqual([])
    breaker.reset()
    await until(() => expect(done.toSorted()).toEqual([0, 1, 2, 3, 4]))
    expect(await queue.counts()).toMatchObject({ failed: 0, completed: 5 })
    expect(worker.report().heldBy).toBeUndefined()
  })

  test('lets one job make the probe when it is due: the others wait for what it finds', async () => {
    const { add, done, trip, setHealthy, queue, worker, breaker } = await open(kind, {}, 200)
    setHealthy(false)
    await trip()
    await add(8)
    // Each probe spends one job; between two of them none is tried.
    await until(async () => expect((await queue.counts()).failed).toBe(2))
    expect(breaker.report().totals.failures).toBe(3)
    setHealthy(true)
    await until(() => expect(done).toHaveLength(6))
    await until(async () => expect(await queue.counts()).toMatchObject({ completed: 6, failed: 2, active: 0 }))
    expect(worker.report().heldBy).toBeUndefined()
  })

  test('takes jobs again when it has closed, while one that began before goes on', async () => {
    const { add, addSlow, endSlow, done, trip, breaker, worker } = await open(kind)
    await addSlow()
    await until(() => expect(worker.report().active).toBe(1))
    await trip()
    expect(worker.report().heldBy).toBeDefined()
    breaker.reset()
    await add(3)
    await until(() => expect(done.toSorted()).toEqual([0, 1, 2]))
    endSlow()
    await until(() => expect(done).toContain(SLOW))
  })

  test('pauses for its caller when jobs under way have ended, also while it is held back', async () => {
    const { addSlow, endSlow, trip, worker, queue, done } = await open(kind)
    await addSlow()
    await until(() => expect(worker.report().active).toBe(1))
    await trip()
    const pausing = worker.pause().then(() => worker.report().active)
    await queue.counts()
    endSlow()
    expect(await pausing).toBe(0)
    expect(done).toEqual([])
  })

  test('works on when an operator says so, until that ends', async () => {
    const { add, done, trip, queues, worker } = await open(kind)
    await trip()
    const override = { id: 'ignore-1', reason: 'the breaker is wrong', by: 'ada' }
    expect(queues.ignoreDependencies('captures', override)).toBe(true)
    expect(worker.report()).toMatchObject({ ignoring: override })
    expect(worker.report().heldBy).toBeUndefined()
    await add(1)
    // It is tried, and the breaker rejects it.
    await until(() => expect(worker.report().failed).toBe(1))
    expect(queues.mindDependencies('captures', 'of-another')).toBe(false)
    expect(queues.mindDependencies('captures', 'ignore-1')).toBe(true)
    expect(queues.mindDependencies('captures')).toBe(false)
    await until(() => expect(worker.report().heldBy).toMatchObject({ breaker: 'payments' }))
    expect(done).toEqual([])
    expect(queues.ignoreDependencies('other', override)).toBe(false)
  })

  test('stays paused for its caller, and is paused by its caller as before', async () => {
    const { add, done, breaker, trip, worker } = await open(kind)
    await worker.pause()
    await add(1)
    await trip()
    breaker.reset()
    expect(worker.report()).toMatchObject({ paused: true, active: 0 })
    expect(done).toEqual([])
    worker.resume()
    await until(() => expect(done).toEqual([0]))
    expect(worker.report().paused).toBeUndefined()
  })

  test('closes while it is held, without waiting for its breaker', async () => {
    const { add, trip, worker, queue } = await open(kind)
    await trip()
    await add(2)
    await worker.close({ timeoutMs: 500 })
    await until(async () => expect(await queue.counts()).toMatchObject({ waiting: 2, active: 0, failed: 0 }))
  })
})

test('its revision grows with what an operator says, also while nothing is held back', async () => {
  const { queues } = await open('memory')
  const before = queues.revision
  queues.ignoreDependencies('captures', { id: 'ignore-1', reason: 'to be sure', by: 'ada' })
  const ignoring = queues.revision
  expect(ignoring).toBeGreaterThan(before)
  queues.mindDependencies('captures', 'ignore-1')
  expect(queues.revision).toBeGreaterThan(ignoring)
})

test('after a forced breaker is released the worker begins at its rate', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  try {
    const { add, done, breaker, worker } = await open('memory', { resumePerSecond: 2, concurrency: 10 })
    breaker.force({ id: 'f', state: 'open', reason: 'quiet', by: 'ada' })
    expect(worker.report().heldBy).toMatchObject({ breaker: 'payments' })
    await add(10)
    breaker.release('f')
    await vi.advanceTimersByTimeAsync(1_900)
    expect(done.length).toBeGreaterThanOrEqual(3)
    expect(done.length).toBeLessThanOrEqual(5)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(done).toHaveLength(10)
  } finally {
    vi.useRealTimers()
  }
})

test('the end of the job that made the probe does not make the others begin at once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  try {
    const breakers = createBreakerRegistry()
    const policy = { kind: 'consecutive', failures: 1 } as const
    const breaker = breakers.create({ name: 'payments', policy, halfOpenAfterMs: 1_000 })
    const onChange = vi.fn()
    const gate = new DependencyGate({ breakers, dependsOn: ['payments'], resumePerSecond: 2, onChange })
    await breaker.execute(() => Promise.reject(new Error('down'))).catch(() => {})
    await vi.advanceTimersByTimeAsync(1_100)
    const { signal } = new AbortController()
    const endProbe = await gate.enter(signal)
    const begun: number[] = []
    for (const job of [1, 2, 3, 4]) void gate.enter(signal).then(() => begun.push(job))
    await breaker.execute(() => 'well')
    await vi.advanceTimersByTimeAsync(10)
    expect(begun).toEqual([1])
    endProbe()
    await vi.advanceTimersByTimeAsync(10)
    expect(begun).toEqual([1])
    await vi.advanceTimersByTimeAsync(1_500)
    expect(begun).toEqual([1, 2, 3, 4])
    gate.close()
  } finally {
    vi.useRealTimers()
  }
})

test('a breaker that the process does not have holds nothing back, also when it comes later', async () => {
  const { add, done, breakers, worker } = await open('memory', { dependsOn: ['ledger'] })
  await add(1)
  await until(() => expect(done).toHaveLength(1))
  const late = breakers.create({
    name: 'ledger',
    policy: { kind: 'consecutive', failures: 1 },
    halfOpenAfterMs: 60_000,
  })
  await late.execute(() => Promise.reject(new Error('down'))).catch(() => {})
  expect(worker.report().heldBy).toMatchObject({ breaker: 'ledger' })
})

test('needs breakers', async () => {
  const queues = await createQueues()
  opened.push(queues)
  await expect(queues.work('captures', () => {}, { dependsOn: ['payments'] })).rejects.toMatchObject({
    code: 'QUEUE_VALUE',
    nextStep: 'Pass breakers to createQueues.',
  })
})
