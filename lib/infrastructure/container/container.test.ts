import { afterEach, beforeEach, expect, expectTypeOf, test, vi } from 'vitest'
import { createContainer, PartDownError, PartExistsError, PartMissingError } from './index.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

const hang = () => new Promise<never>(() => {})
const states = (container: { status(): { name: string; state: string }[] }) =>
  Object.fromEntries(container.status().map(({ name, state }) => [name, state]))

test('parts are created once, with the values they need, started in order and stopped in reverse', async () => {
  const log: string[] = []
  const hooks = (name: string) => ({ start: () => log.push(`start ${name}`), stop: () => log.push(`stop ${name}`) })
  const create = vi.fn(async () => ({ url: 'redis://x' }))
  const container = createContainer()
    .add('redis', { create, ...hooks('redis') })
    .add('cache', { needs: ['redis'], create: ({ redis }) => `cache on ${redis.url}`, ...hooks('cache') })
    .add('server', { needs: ['cache', 'redis'], create: ({ cache }) => ({ cache }), ...hooks('server') })
  expect(states(container)).toEqual({ redis: 'idle', cache: 'idle', server: 'idle' })
  await container.start()
  expect(states(container)).toEqual({ redis: 'up', cache: 'up', server: 'up' })
  const server = await container.get('server')
  expectTypeOf(server).toEqualTypeOf<{ cache: string }>()
  expect(server.cache).toBe('cache on redis://x')
  expect(create).toHaveBeenCalledTimes(1)
  const report = await container.stop()
  expect(report).toMatchObject({ stopped: ['server', 'cache', 'redis'], failed: [] })
  expect(log).toEqual(['start redis', 'start cache', 'start server', 'stop server', 'stop cache', 'stop redis'])
  expect(states(container)).toEqual({ redis: 'stopped', cache: 'stopped', server: 'stopped' })
})

test('a part is not started before the start of what it needs has ended', async () => {
  const log: string[] = []
  const container = createContainer()
    .add('slow', {
      create: () => 1,
      start: async () => {
        await new Promise(resolve => setTimeout(resolve, 500))
        log.push('slow')
      },
    })
    .add('next', { needs: ['slow'], create: () => 2, start: () => log.push('next') })
    .add('free', { create: () => 3, start: () => log.push('free') })
  const started = container.start()
  await vi.advanceTimersByTimeAsync(499)
  expect(log).toEqual(['free'])
  await vi.advanceTimersByTimeAsync(1)
  await started
  expect(log).toEqual(['free', 'slow', 'next'])
})

test('a failing start does not keep others from starting, reports down with the reason, and is retried with backoff', async () => {
  const start = vi.fn()
  start.mockRejectedValueOnce(new Error('cannot reach redis://u:hunter2@h'))
  start.mockRejectedValueOnce(new Error('still not')).mockResolvedValueOnce(undefined)
  const changes: string[] = []
  const container = createContainer({ retry: { firstMs: 1000, lastMs: 8000 } })
    .add('redis', { create: () => 'client', start })
    .add('server', { needs: ['redis'], create: ({ redis }) => `server with ${redis}` })
  container.onChange(({ name, state }) => changes.push(`${name} ${state}`))
  const status = await container.start()
  expect(status).toMatchObject([
    { name: 'redis', state: 'down', reason: 'cannot reach redis://u:***@h', attempts: 1, nextAttemptAt: 1_001_000 },
    { name: 'server', state: 'up', needs: ['redis'] },
  ])
  expect(await container.get('server')).toBe('server with client')
  expect(await container.get('redis')).toBe('client')
  await vi.advanceTimersByTimeAsync(1000)
  expect(container.status()[0]).toMatchObject({ state: 'down', reason: 'still not', nextAttemptAt: 1_003_000 })
  await vi.advanceTimersByTimeAsync(2000)
  expect(container.status()[0]).toMatchObject({ state: 'up', attempts: 3, since: 1_003_000 })
  expect(container.status()[0]).not.toHaveProperty('reason')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(start).toHaveBeenCalledTimes(3)
  expect(changes.filter(change => change.startsWith('redis'))).toEqual([
    ...['redis starting', 'redis down', 'redis starting', 'redis down', 'redis starting', 'redis up'],
  ])
})

test('a part that cannot be created holds back only those that need it, until it is created', async () => {
  const create = vi.fn<() => Promise<string>>()
  create.mockRejectedValueOnce(new Error('no driver')).mockResolvedValueOnce('database')
  const container = createContainer()
    .add('database', { create })
    .add('orders', { needs: ['database'], create: ({ database }) => `orders in ${database}` })
    .add('report', { needs: ['orders'], create: ({ orders }) => `report of ${orders}` })
    .add('clock', { create: () => 'clock' })
  await container.start()
  expect(container.status()).toMatchObject([
    { state: 'down', reason: 'no driver' },
    { state: 'waiting', reason: 'waits for database' },
    { state: 'waiting', reason: 'waits for orders' },
    { state: 'up' },
  ])
  const refused = container.get('orders')
  await expect(refused).rejects.toBeInstanceOf(PartDownError)
  await expect(refused).rejects.toMatchObject({
    message: 'orders is not available: waits for database',
    retryable: true,
  })
  await vi.advanceTimersByTimeAsync(1000)
  expect(states(container)).toEqual({ database: 'up', orders: 'up', report: 'up', clock: 'up' })
  expect(await container.get('report')).toBe('report of orders in database')
})

test('a part that requires another waits until that is up, not only created', async () => {
  const start = vi.fn().mockRejectedValueOnce(new Error('locked')).mockResolvedValueOnce(undefined)
  const container = createContainer()
    .add('migrations', { create: () => 1, start })
    .add('worker', { requires: ['migrations'], create: () => 2 })
  await container.start()
  expect(states(container)).toEqual({ migrations: 'down', worker: 'waiting' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(states(container)).toEqual({ migrations: 'up', worker: 'up' })
})

test('a start that exceeds its deadline is down, its signal aborts, and it may still come up late', async () => {
  let signal: AbortSignal | undefined
  let finish: (() => void) | undefined
  const container = createContainer({ retry: { firstMs: 60_000, lastMs: 60_000 } }).add('slow', {
    create: () => 1,
    startTimeoutMs: 2000,
    start: (_, given) => {
      signal = given
      return new Promise<void>(resolve => {
        finish = resolve
      })
    },
  })
  const started = container.start()
  await vi.advanceTimersByTimeAsync(2000)
  expect(await started).toMatchObject([{ state: 'down', reason: 'slow did not finish within 2000 ms' }])
  expect(signal!.aborted).toBe(true)
  finish!()
  await vi.advanceTimersByTimeAsync(0)
  expect(container.status()[0]!.state).toBe('up')
})

test('the next attempts wait for a creation that hangs, and do not start it twice', async () => {
  let finish: ((value: string) => void) | undefined
  const create = vi.fn(
    () =>
      new Promise<string>(resolve => {
        finish = resolve
      }),
  )
  const container = createContainer().add('slow', { create, startTimeoutMs: 500 })
  const started = container.start()
  await vi.advanceTimersByTimeAsync(500)
  await started
  expect(container.status()[0]!.state).toBe('down')
  await vi.advanceTimersByTimeAsync(1000)
  finish!('made')
  await vi.advanceTimersByTimeAsync(0)
  expect(states(container)).toEqual({ slow: 'up' })
  expect(create).toHaveBeenCalledTimes(1)
})

test('a lazy part is created and started when it is first requested', async () => {
  const start = vi.fn()
  const container = createContainer()
    .add('engine', { create: () => 'engine', start, lazy: true })
    .add('car', { needs: ['engine'], create: ({ engine }) => `car with ${engine}`, lazy: true })
  await container.start()
  expect(states(container)).toEqual({ engine: 'idle', car: 'idle' })
  expect(await Promise.all([container.get('car'), container.get('car')])).toEqual([
    'car with engine',
    'car with engine',
  ])
  expect(start).toHaveBeenCalledTimes(1)
})

test('shutdown collects what fails, bounds what hangs, and goes on with the rest', async () => {
  const stopped: string[] = []
  const container = createContainer()
    .add('base', { create: () => 1, stop: () => stopped.push('base') })
    .add('throws', {
      needs: ['base'],
      create: () => 2,
      stop: () => {
        throw new Error('already closed')
      },
    })
    .add('hangs', { needs: ['base'], create: () => 3, stop: hang, stopTimeoutMs: 1000 })
  await container.start()
  const stopping = container.stop({ deadlineMs: 5000 })
  expect(container.stop()).toBe(stopping)
  await vi.advanceTimersByTimeAsync(1000)
  expect(await stopping).toEqual({
    durationMs: 1000,
    stopped: ['base'],
    failed: [
      { name: 'throws', reason: 'already closed' },
      { name: 'hangs', reason: 'hangs did not finish within 1000 ms' },
    ],
  })
  expect(stopped).toEqual(['base'])
  await expect(container.get('base')).rejects.toThrow('base is not available: the program is shutting down')
})

test('the deadline of the whole shutdown takes precedence over those of its parts', async () => {
  const stopBase = vi.fn((_: number, _signal: AbortSignal) => hang())
  const container = createContainer()
    .add('base', { create: () => 1, stop: stopBase })
    .add('top', { needs: ['base'], create: () => 2, stop: hang, stopTimeoutMs: 60_000 })
  await container.start()
  const stopping = container.stop({ deadlineMs: 2000 })
  await vi.advanceTimersByTimeAsync(2000)
  const report = await stopping
  expect(report.durationMs).toBe(2000)
  expect(stopBase.mock.lastCall![1].aborted).toBe(true)
  expect(report.failed).toMatchObject([
    { name: 'top', reason: 'top did not finish within 2000 ms' },
    { name: 'base', reason: 'its turn came after the deadline of 2000 ms' },
  ])
})

test('shutdown during a start aborts it, closes what was created, retries nothing, and skips what was never created', async () => {
  const stop = vi.fn()
  const failingStop = vi.fn()
  const start = vi.fn(hang)
  let finish: ((value: string) => void) | undefined
  const made = new Promise<string>(resolve => {
    finish = resolve
  })
  const failing = vi.fn().mockRejectedValue(new Error('refused'))
  const container = createContainer()
    .add('starting', { create: () => 'starting', start, stop })
    .add('creating', { create: () => made, stop })
    .add('failing', { create: () => 'failing', start: failing, stop: failingStop })
    .add('never', { create: () => 1, stop, lazy: true })
  void container.start()
  await vi.advanceTimersByTimeAsync(0)
  const stopping = container.stop()
  finish!('creating')
  expect((await stopping).stopped.sort()).toEqual(['creating', 'failing', 'starting'])
  expect(stop.mock.calls.map(([value]) => value).sort()).toEqual(['creating', 'starting'])
  expect(failingStop).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(120_000)
  expect(failing).toHaveBeenCalledTimes(1)
  expect(start).toHaveBeenCalledTimes(1)
})

test('names are unique, and a part can only need what was added before', () => {
  const container = createContainer().add('a', { create: () => 1 })
  expect(() => container.add('a', { create: () => 2 })).toThrow(PartExistsError)
  // @ts-expect-error: there is no part b
  expect(() => container.add('c', { needs: ['b'], create: () => 2 })).toThrow(PartMissingError)
  // @ts-expect-error: there is no part b
  container.get('b').catch(() => {})
})

test('requested while another attempt is under way, a part that was never created says so', async () => {
  const create = vi.fn<() => Promise<number>>().mockRejectedValueOnce(new Error('refused')).mockImplementationOnce(hang)
  const container = createContainer({ retry: { firstMs: 1000, lastMs: 1000 } }).add('redis', { create })
  await container.start()
  await expect(container.get('redis')).rejects.toThrow('redis is not available: refused')
  await vi.advanceTimersByTimeAsync(1000)
  expect(states(container)).toEqual({ redis: 'starting' })
  await expect(container.get('redis')).rejects.toThrow('redis is not available: it could not be created')
})

test('what waits for another part is not created when the program stops before', async () => {
  const create = vi.fn(() => 1)
  const container = createContainer()
    .add('slow', { create: () => 1, start: hang })
    .add('next', { needs: ['slow'], create })
  const started = container.start()
  await vi.advanceTimersByTimeAsync(10)
  expect(await container.stop()).toMatchObject({ stopped: ['slow'], failed: [] })
  await started
  expect(create).not.toHaveBeenCalled()
  expect(states(container)).toEqual({ slow: 'stopped', next: 'stopped' })
})
