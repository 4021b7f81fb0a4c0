import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readConfig } from '../config/index.ts'
import { createHealth, type HealthCheck, HealthCheckExistsError, type HealthReport, healthConfig } from './index.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

// vi's fake timers move Date and performance.now together, so the system clock is the test's clock.
function check(run: HealthCheck['run'], options: Partial<HealthCheck> = {}): HealthCheck {
  return { name: 'db', critical: true, timeoutMs: 1000, cacheMs: 500, nextStep: 'Look at it.', run, ...options }
}
const hang = () => new Promise<never>(() => {})
const up = async () => undefined

test('a report is unknown before the first run, and then has the result, its time and its latency', async () => {
  const health = createHealth()
  health.register(
    check(() => new Promise<void>(resolve => setTimeout(resolve, 40)), {
      group: 'database',
      owner: 'core',
      runbook: 'https://r/db',
    }),
  )
  expect(health.reports()).toEqual([
    {
      name: 'db',
      group: 'database',
      critical: true,
      status: 'unknown',
      since: 1_000_000,
      owner: 'core',
      runbook: 'https://r/db',
    },
  ])
  expect(health.status()).toBe('unknown')
  const running = health.check()
  await vi.advanceTimersByTimeAsync(40)
  expect(await running).toMatchObject([{ status: 'up', at: 1_000_040, since: 1_000_040, latencyMs: 40 }])
  expect(health.reports()[0]).not.toHaveProperty('message', expect.anything())
})

test('a check that hangs is down at its timeout, its signal aborts, and the others answer at once', async () => {
  const health = createHealth()
  let signal: AbortSignal | undefined
  health.register(
    check(
      given => {
        signal = given
        return hang()
      },
      { name: 'hangs' },
    ),
  )
  health.register(check(up, { name: 'fine' }))
  const running = health.check()
  await vi.advanceTimersByTimeAsync(0)
  expect(health.reports().map(report => report.status)).toEqual(['unknown', 'up'])
  expect(signal!.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1000)
  await running
  expect(health.reports()[0]).toMatchObject({
    status: 'down',
    message: 'timed out after 1000 ms',
    nextStep: 'Look at it.',
  })
  expect(signal!.aborted).toBe(true)
})

test('a check that ignores its abort is not started again until it has ended', async () => {
  const health = createHealth()
  let finish = () => {}
  const run = vi.fn(
    () =>
      new Promise<void>(resolve => {
        finish = resolve
      }),
  )
  health.register(check(run))
  for (let second = 0; second < 5; second++) {
    void health.check()
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(run).toHaveBeenCalledTimes(1)
  expect(health.reports()[0]!.status).toBe('down')
  finish()
  await vi.advanceTimersByTimeAsync(600)
  run.mockResolvedValue(undefined)
  await health.check()
  expect(run).toHaveBeenCalledTimes(2)
  expect(health.reports()[0]).toMatchObject({ status: 'up', message: undefined, nextStep: undefined })
})

test('a run that never ends is given up after ten timeouts', async () => {
  const health = createHealth()
  const run = vi.fn<HealthCheck['run']>(hang)
  health.register(check(run))
  void health.check()
  await vi.advanceTimersByTimeAsync(10_000)
  run.mockImplementation(up)
  expect(await health.check()).toMatchObject([{ status: 'up' }])
})

test('results are cached, and concurrent callers share one run', async () => {
  const health = createHealth()
  const run = vi.fn(up)
  health.register(check(run))
  const [first, second] = await Promise.all([health.check(), health.check(), health.readiness()])
  expect([first![0]!.status, second![0]!.status]).toEqual(['up', 'up'])
  await vi.advanceTimersByTimeAsync(499)
  await health.check()
  expect(run).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1)
  await health.check()
  expect(run).toHaveBeenCalledTimes(2)
})

test('a check that throws or rejects is down with its message, a password in it hidden', async () => {
  const health = createHealth()
  health.register(
    check(() => {
      throw new Error('cannot reach redis://app:hunter2@host')
    }),
  )
  expect(await health.check()).toMatchObject([{ status: 'down', message: 'cannot reach redis://app:***@host' }])
})

test('the revision and the listeners follow status and message, not latency', async () => {
  const health = createHealth()
  let result = { status: 'up' } as { status: 'up' | 'degraded'; message?: string }
  health.register(check(() => result, { cacheMs: 0 }))
  const seen: [string, string, string | undefined][] = []
  const quiet = health.onChange(({ status, message }, before) => seen.push([before, status, message]))
  health.onChange(() => {
    throw new Error('a broken listener')
  })
  const registered = health.revision
  await health.check()
  await health.check()
  expect(health.revision).toBe(registered + 1)
  await vi.advanceTimersByTimeAsync(5000)
  result = { status: 'degraded', message: 'slow' }
  await health.check()
  const since = Date.now()
  await vi.advanceTimersByTimeAsync(5000)
  result = { status: 'degraded', message: 'slower' }
  await health.check()
  expect(health.revision).toBe(registered + 3)
  expect(health.reports()[0]).toMatchObject({ since, at: since + 5000 })
  expect(seen).toEqual([
    ['unknown', 'up', undefined],
    ['up', 'degraded', 'slow'],
    ['degraded', 'degraded', 'slower'],
  ])
  quiet()
  result = { status: 'up' }
  await health.check()
  expect(seen).toHaveLength(3)
})

test('the overall status is that of the worst critical check; others only degrade it', async () => {
  const health = createHealth()
  const find = (status: 'up' | 'degraded' | 'down', critical: boolean) =>
    check(() => ({ status }), { name: `${status}${critical}`, critical })
  health.register(find('up', true))
  await health.check()
  expect(health.status()).toBe('up')
  const letGo = health.register(find('down', false))
  await health.check()
  expect(health.status()).toBe('degraded')
  health.register(find('down', true))
  await health.check()
  expect(health.status()).toBe('down')
  letGo()
  expect(health.reports().map(report => report.name)).toEqual(['uptrue', 'downtrue'])
  expect(() => health.register(find('up', true))).toThrow(HealthCheckExistsError)
})

test('ready means serving with every critical check usable; the reasons say why not', async () => {
  const health = createHealth()
  let result: { status: 'up' | 'degraded' | 'down'; message?: string } = { status: 'degraded', message: 'slow' }
  health.register(check(() => result, { cacheMs: 0 }))
  health.register(check(hang, { name: 'optional', critical: false }))
  expect(await health.readiness()).toEqual({ ready: false, reasons: ['The process is starting'] })
  health.phase = 'serving'
  expect(await health.readiness()).toEqual({ ready: true, reasons: [] })
  result = { status: 'down', message: 'refused' }
  expect(await health.readiness()).toEqual({ ready: false, reasons: ['db is down: refused'] })
  result = { status: 'up' }
  health.phase = 'stopping'
  expect(await health.readiness()).toEqual({ ready: false, reasons: ['The process is shutting down'] })
})

test('the background runner keeps reports fresh until it is stopped, and then closes and aborts', async () => {
  const health = createHealth()
  const run = vi.fn<HealthCheck['run']>(up)
  const close = vi.fn()
  health.register(check(run, { close }))
  health.start(2000)
  await vi.advanceTimersByTimeAsync(4000)
  expect(run).toHaveBeenCalledTimes(3)
  let signal: AbortSignal | undefined
  run.mockImplementation(given => {
    signal = given
    return hang()
  })
  await vi.advanceTimersByTimeAsync(2000)
  const before: HealthReport = health.reports()[0]!
  health.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(signal!.aborted).toBe(true)
  expect(close).toHaveBeenCalledTimes(1)
  expect(run).toHaveBeenCalledTimes(4)
  expect(health.reports()[0]).toEqual(before)
})

test('a process whose event loop was blocked is not alive, and alive again when it runs on', async () => {
  const time = { ms: 0 }
  const health = createHealth({ stuckAfterMs: 10_000, clock: { now: () => time.ms, monotonic: () => time.ms } })
  health.start()
  const tick = async () => {
    time.ms += 1000
    await vi.advanceTimersByTimeAsync(1000)
  }
  await tick()
  expect(health.liveness()).toEqual({ alive: true })
  time.ms += 12_000
  expect(health.liveness()).toEqual({ alive: false, reason: 'The event loop was blocked for 12 s' })
  await tick()
  expect(health.liveness()).toMatchObject({ alive: false })
  await tick()
  expect(health.liveness()).toEqual({ alive: true })
  health.stop()
})

test('removing a check twice leaves one that has taken its name since', async () => {
  const health = createHealth()
  const close = vi.fn()
  const remove = health.register(check(up, { close }))
  remove()
  expect(close).toHaveBeenCalledTimes(1)
  health.register(check(up))
  remove()
  expect(health.reports()).toHaveLength(1)
  expect(close).toHaveBeenCalledTimes(1)
})

test('a check that gives no message is named with its status alone', async () => {
  const health = createHealth()
  health.register(check(async () => ({ status: 'down' })))
  health.phase = 'serving'
  expect(await health.readiness()).toEqual({ ready: false, reasons: ['db is down'] })
})

test('what is not critical and was never run makes the whole unknown, and a process that runs no checks is alive', () => {
  const health = createHealth()
  expect(health.status()).toBe('up')
  health.register(check(up, { critical: false }))
  expect(health.status()).toBe('unknown')
  expect(health.liveness()).toEqual({ alive: true })
})

test('a hung run that ends does not free the way for a third while a second one hangs', async () => {
  const ends: (() => void)[] = []
  const health = createHealth()
  health.register(check(() => new Promise<void>(resolve => ends.push(resolve)), { timeoutMs: 100, cacheMs: 0 }))
  const run = async () => {
    const running = health.check()
    await vi.advanceTimersByTimeAsync(100)
    return running
  }
  await run()
  // Ten timeouts later a second run is started beside the first.
  await vi.advanceTimersByTimeAsync(1_000)
  await run()
  expect(ends).toHaveLength(2)
  ends[0]?.()
  await vi.advanceTimersByTimeAsync(0)
  await run()
  expect(ends).toHaveLength(2)
  ends[1]?.()
  await vi.advanceTimersByTimeAsync(0)
  await run()
  expect(ends).toHaveLength(3)
})

test('the environment configures it, and an interval that would only burn CPU is refused', () => {
  const read = (environment: Record<string, string>) => readConfig({ health: healthConfig }, environment).health
  expect(read({ SUBSTATION_HEALTH_INTERVAL: '1s' })).toEqual({ intervalMs: 1_000, stuckAfterMs: 30_000 })
  expect(() => read({ SUBSTATION_HEALTH_INTERVAL: '99ms' })).toThrow(
    'SUBSTATION_HEALTH_INTERVAL must be at least 100ms',
  )
})
