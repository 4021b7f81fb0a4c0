import { expect, test, vi } from 'vitest'
import { createBreakerRegistry } from './index.ts'

const OPTIONS = { name: 'search', policy: { kind: 'consecutive', failures: 2 }, halfOpenAfterMs: 100 } as const

test('the same name and options give the same breaker; other options are refused', () => {
  const registry = createBreakerRegistry()
  const make = () => registry.create({ ...OPTIONS, isExpected: e => e === 404 })
  expect(make()).toBe(make())
  expect(() => registry.create({ ...OPTIONS, halfOpenAfterMs: 200 })).toThrow(
    expect.objectContaining({ code: 'BREAKER_EXISTS' }),
  )
  expect(() => registry.create({ ...OPTIONS, isExpected: e => e === 410 })).toThrow(
    expect.objectContaining({ code: 'BREAKER_EXISTS' }),
  )
  expect(() => registry.create({ ...OPTIONS, isExpected: e => e === 404, expected: [TypeError] })).toThrow(
    expect.objectContaining({ code: 'BREAKER_EXISTS' }),
  )
  const listed = () => registry.create({ ...OPTIONS, name: 'listed', expected: [TypeError, 'E1', e => e === 404] })
  expect(listed()).toBe(listed())
  expect(() => registry.create({ ...OPTIONS, name: 'listed', expected: [RangeError] })).toThrow(
    expect.objectContaining({ code: 'BREAKER_EXISTS' }),
  )
  expect(registry.list()).toHaveLength(2)
  expect(registry.get('search')).toBe(registry.list()[0])
  expect(registry.get('unknown')).toBeUndefined()
})

test.each([
  { policy: { kind: 'consecutive', failures: 0 } },
  { policy: { kind: 'count', threshold: 1.5, size: 10 } },
  { policy: { kind: 'count', threshold: 0.5, size: 4, minimumCalls: 5 } },
  { policy: { kind: 'sampling', threshold: 0, durationMs: 1_000 } },
  { policy: { kind: 'sampling', threshold: 0.5, durationMs: 1_000, minimumRps: -1 } },
  { halfOpenAfterMs: Number.NaN },
  { timeoutMs: 0 },
  { name: '' },
  { slowCallMs: 0 },
  { slowCallsFail: true },
] as const)('invalid options are refused with a sentence: %o', wrong => {
  const registry = createBreakerRegistry()
  expect(() => registry.create({ ...OPTIONS, ...wrong })).toThrow(expect.objectContaining({ code: 'BREAKER_OPTIONS' }))
  expect(registry.list()).toEqual([])
})

test('the revision grows with every call, rejection and override, and not otherwise', async () => {
  const registry = createBreakerRegistry()
  const breaker = registry.create(OPTIONS)
  let last = registry.revision
  const grew = () => {
    const now = registry.revision
    const more = now > last
    last = now
    return more
  }
  await breaker.execute(() => 1)
  expect(grew()).toBe(true)
  registry.reports()
  expect(grew()).toBe(false)
  breaker.force({ id: '1', state: 'open', reason: 'r', by: 'b' })
  expect(grew()).toBe(true)
  await breaker.execute(() => 1).catch(() => undefined)
  expect(grew()).toBe(true)
})

test('a listener that throws breaks neither the call nor the other listeners', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const registry = createBreakerRegistry()
  const breaker = registry.create(OPTIONS)
  const heard: string[] = []
  registry.onTransition(() => {
    throw new Error('a bad listener')
  })
  const stop = registry.onTransition(t => heard.push(t.to))
  breaker.force({ id: '1', state: 'open', reason: 'r', by: 'b' })
  stop()
  breaker.release()
  expect(heard).toEqual(['open'])
  expect(warned).toHaveBeenCalledTimes(2)
  warned.mockRestore()
})
