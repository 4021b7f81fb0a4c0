import { describe, expect, test, vi } from 'vitest'
import type { BreakerOptions } from './port.ts'
import { createBreakerRegistry } from './registry.ts'
import { manualClock } from './resilience.contract.ts'

const OPTIONS = { name: 'search', policy: { kind: 'consecutive', failures: 2 }, halfOpenAfterMs: 1_000 } as const

function setup(options: Partial<BreakerOptions> = {}) {
  const clock = manualClock()
  const breaker = createBreakerRegistry({ clock }).create({ ...OPTIONS, ...options })
  const takes = (ms: number) =>
    breaker.execute(() => {
      clock.advance(ms)
      return 'value'
    })
  const fail = (error: unknown) => breaker.execute(() => Promise.reject(error)).catch((e: unknown) => e)
  return { clock, breaker, takes, fail }
}

describe('slow calls', () => {
  test('are counted, and by themselves no failures', async () => {
    const { breaker, takes } = setup({ slowCallMs: 100 })
    for (const ms of [100, 101, 5_000]) expect(await takes(ms)).toBe('value')
    expect(breaker.report()).toMatchObject({
      effective: 'closed',
      slowCallMs: 100,
      slowCallsFail: false,
      window: { failures: 0 },
      totals: { successes: 3, failures: 0 },
      stats: { slow: 2, failures: 0 },
    })
  })

  test('open it where they count as failures, though their values are returned', async () => {
    const { breaker, takes } = setup({ slowCallMs: 100, slowCallsFail: true })
    expect(await takes(101)).toBe('value')
    expect(await takes(101)).toBe('value')
    expect(breaker.report()).toMatchObject({
      effective: 'open',
      tripped: { failures: 2 },
      totals: { successes: 2, failures: 0, opened: 1 },
    })
  })

  test('a slow probe opens it again, a fast one closes it', async () => {
    const { clock, breaker, takes } = setup({ slowCallMs: 100, slowCallsFail: true })
    await takes(101)
    await takes(101)
    clock.advance(1_000)
    await takes(101)
    expect(breaker.state).toBe('open')
    clock.advance(1_000)
    await takes(100)
    expect(breaker.state).toBe('closed')
  })

  test('a failure that is slow is both', async () => {
    const { clock, breaker } = setup({ slowCallMs: 100, slowCallsFail: true })
    const late = breaker.execute(() => {
      clock.advance(101)
      throw new Error('down')
    })
    await expect(late).rejects.toThrow('down')
    expect(breaker.report()).toMatchObject({ window: { failures: 1 }, stats: { slow: 1, failures: 1 } })
  })
})

describe('expected errors', () => {
  class NotFound extends Error {}
  class OrderNotFound extends NotFound {}
  const expected = [NotFound, 'CARD_DECLINED', '404', (error: unknown) => error === 'no such order'] as const

  test.each([
    ['a class', new NotFound()],
    ['a class below it', new OrderNotFound()],
    ['a code', Object.assign(new Error('declined'), { code: 'CARD_DECLINED' })],
    ['a code that is a number', { code: 404 }],
    ['a test', 'no such order'],
  ])('are known by %s: passed on, ignored, and never a failure', async (_how, error) => {
    const { breaker, fail } = setup({ expected })
    for (let i = 0; i < 3; i++) expect(await fail(error)).toBe(error)
    expect(breaker.report()).toMatchObject({
      effective: 'closed',
      totals: { ignored: 3, failures: 0 },
      stats: { ignored: 3, failures: 0, calls: 3 },
    })
  })

  test('others are failures; Error stands for every error, and isExpected counts beside the list', async () => {
    const { breaker, fail } = setup({ expected, isExpected: error => error === 410 })
    await fail(410)
    expect(breaker.report().totals).toMatchObject({ ignored: 1, failures: 0 })
    await fail(new Error('down'))
    await fail({ code: {} })
    expect(breaker.state).toBe('open')
    const all = setup({ expected: [Error] })
    for (let i = 0; i < 3; i++) await all.fail(new TypeError('any'))
    expect(all.breaker.state).toBe('closed')
    for (let i = 0; i < 2; i++) await all.fail('no error, but a text')
    expect(all.breaker.state).toBe('open')
  })

  test.each([new Error('a bad test'), 'a bad test'])(
    'a test that throws (%s) is a warning, and the error counts: the probe ends',
    async thrown => {
      const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
      const { clock, breaker, fail } = setup({
        isExpected: () => {
          throw thrown
        },
      })
      const down = new Error('down')
      expect(await fail(down)).toBe(down)
      await fail(down)
      clock.advance(1_000)
      expect(await fail(down)).toBe(down)
      expect(breaker.report()).toMatchObject({ effective: 'open', totals: { opened: 2 } })
      expect(warned).toHaveBeenCalledWith(expect.stringContaining('a bad test'), 'BreakerOptionsWarning')
      warned.mockRestore()
    },
  )
})
