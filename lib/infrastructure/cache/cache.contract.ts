import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Clock } from '../../core/clock.ts'
import type { Cache, CacheOptions } from './port.ts'

export { type AdoptedProcess, type AdoptedUnderTest, adoptedCacheContract } from './adopted.contract.ts'

export interface CacheUnderTest {
  /** A cache of this kind in a namespace of its own, ready to serve from all its layers. */
  cache: Cache
  /** Lets this much time pass for the entries. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

/** What every kind of cache guarantees within one process. */
export function cacheContract(name: string, setup: (options?: Partial<CacheOptions>) => Promise<CacheUnderTest>): void {
  describe(`${name} keeps the cache contract`, () => {
    let under: CacheUnderTest
    let cache: Cache
    beforeEach(async () => {
      under = await setup()
      cache = under.cache
    })
    afterEach(() => under.close())

    test('returns what was set, after a round trip through JSON, and undefined on a miss', async () => {
      expect(await cache.get('nothing')).toBeUndefined()
      await cache.set('a', { at: new Date(0), list: [1, null], 'ключ ☃': true })
      const expected = { at: '1970-01-01T00:00:00.000Z', list: [1, null], 'ключ ☃': true }
      expect(await cache.get('a')).toEqual(expected)
      await cache.set('null', null)
      expect(await cache.get('null')).toBeNull()
      expect(await cache.getMany(['a', 'nothing', 'null', 'a'])).toEqual(
        new Map<string, unknown>([
          ['a', expected],
          ['null', null],
        ]),
      )
    })

    test('keys may contain anything: spaces, colons, stars, braces, line breaks, unicode', async () => {
      for (const key of ['a b', 'x:y:*', '{z}', 'line\nbreak', 'schlüssel ☃', '[', '\\', 'x'.repeat(300)]) {
        await cache.set(key, key)
        expect(await cache.get(key)).toBe(key)
        await cache.delete(key)
        expect(await cache.get(key)).toBeUndefined()
      }
    })

    test('changing an object after it was stored does not change the cache', async () => {
      const mine = { n: 1 }
      await cache.set('a', mine)
      mine.n = 2
      expect(await cache.get('a')).toEqual({ n: 1 })
    })

    test.each([undefined, () => 1, 1n, Symbol('x')])('refuses %s, which is not valid JSON', async value => {
      await expect(cache.set('a', value)).rejects.toMatchObject({ code: 'CACHE_VALUE' })
      await expect(cache.set('a', 1, { ttlMs: 0 })).rejects.toMatchObject({ code: 'CACHE_OPTIONS' })
    })

    test('an entry expires after its time to live', async () => {
      await cache.set('a', 1, { ttlMs: 100 })
      expect(await cache.get('a')).toBe(1)
      await under.pass(101)
      expect(await cache.get('a')).toBeUndefined()
    })

    test('one factory serves all concurrent callers, and its value is stored', async () => {
      const factory = vi.fn(async () => ({ made: true }))
      const all = await Promise.all(Array.from({ length: 50 }, () => cache.getOrSet('a', factory)))
      expect(all).toEqual(Array.from({ length: 50 }, () => ({ made: true })))
      expect(await cache.getOrSet('a', factory)).toEqual({ made: true })
      expect(factory).toHaveBeenCalledTimes(1)
      expect(cache.report().totals).toMatchObject({ filled: 1, misses: 1 })
    })

    test("a factory's error reaches all callers that wait, and the next call runs it again", async () => {
      const error = new Error('origin down')
      const factory = vi.fn().mockRejectedValueOnce(error).mockResolvedValueOnce(2)
      const both = await Promise.allSettled([cache.getOrSet('a', factory), cache.getOrSet('a', factory)])
      expect(both).toEqual([
        { status: 'rejected', reason: error },
        { status: 'rejected', reason: error },
      ])
      expect(await cache.getOrSet('a', factory)).toBe(2)
    })

    test('undefined from a factory is passed on and not stored', async () => {
      const factory = vi.fn(() => undefined)
      expect(await cache.getOrSet('a', factory)).toBeUndefined()
      expect(await cache.getOrSet('a', factory)).toBeUndefined()
      expect(factory).toHaveBeenCalledTimes(2)
    })

    test('after its soft time to live a value is still served, while one call refreshes it', async () => {
      const options = { ttlMs: 10_000, softTtlMs: 100 }
      let version = 1
      const factory = vi.fn(async () => version)
      await cache.getOrSet('a', factory, options)
      version = 2
      await under.pass(101)
      expect(await Promise.all([cache.getOrSet('a', factory, options), cache.getOrSet('a', factory, options)])).toEqual(
        [1, 1],
      )
      await vi.waitFor(async () => expect(await cache.get('a')).toBe(2))
      expect(factory).toHaveBeenCalledTimes(2)
      expect(cache.report().totals.stale).toBeGreaterThanOrEqual(1)
    })

    test('a refresh that fails leaves the stale value in place and is counted', async () => {
      await cache.set('a', 1, { ttlMs: 10_000, softTtlMs: 100 })
      await under.pass(101)
      const failing = () => Promise.reject(new Error('origin down'))
      expect(await cache.getOrSet('a', failing)).toBe(1)
      await vi.waitFor(() => expect(cache.report().totals.refreshErrors).toBe(1))
      expect(await cache.get('a')).toBe(1)
    })

    const fill = async () => {
      await cache.set('product:1', 1, { tags: ['shoes'] })
      await cache.set('product:2', 2, { tags: ['shoes', 'new'] })
      await cache.set('user:1', 3)
    }
    const left = async () => [...(await cache.getMany(['product:1', 'product:2', 'user:1'])).keys()]

    test.each([
      [{ by: 'key', key: 'product:1' }, 1, ['product:2', 'user:1']],
      [{ by: 'pattern', pattern: 'product:*' }, 2, ['user:1']],
      [{ by: 'pattern', pattern: '*:[1]' }, 2, ['product:2']],
      [{ by: 'tag', tag: 'new' }, 1, ['product:1', 'user:1']],
      [{ by: 'tag', tag: 'shoes' }, 2, ['user:1']],
      [{ by: 'all' }, 3, []],
      [{ by: 'key', key: 'absent' }, 0, ['product:1', 'product:2', 'user:1']],
    ] as const)('invalidates %o: counted before, deleted exactly, the rest left', async (where, deleted, rest) => {
      await fill()
      expect(await cache.count(where)).toMatchObject({ count: deleted, precision: 'exact' })
      expect((await cache.sample(where, 1)).keys).toHaveLength(Math.min(1, deleted))
      expect(await cache.invalidate(where)).toMatchObject({ deleted, precision: 'exact' })
      expect(await left()).toEqual(rest)
      expect(await cache.count(where)).toMatchObject({ count: 0 })
    })

    test("the application's own methods do the same", async () => {
      await fill()
      await cache.deleteByTag('new')
      expect(await left()).toEqual(['product:1', 'user:1'])
      await cache.deleteByPattern('user:*')
      expect(await left()).toEqual(['product:1'])
      await cache.clear()
      expect(await left()).toEqual([])
      await cache.set('product:1', 'again')
      expect(await cache.get('product:1')).toBe('again')
    })

    test.each([
      ['the key', { by: 'key', key: 'product:1' }],
      ['a pattern', { by: 'pattern', pattern: 'pro*' }],
      ['a tag', { by: 'tag', tag: 'shoes' }],
      ['everything', { by: 'all' }],
    ] as const)(
      'a factory started before %s was invalidated is barred from storing, and later callers do not get its value',
      async (_, where) => {
        const old = Promise.withResolvers<string>()
        const began = Promise.withResolvers<void>()
        const first = cache.getOrSet('product:1', held(began, old), { tags: ['shoes'] })
        await began.promise
        await cache.invalidate(where)
        const second = cache.getOrSet('product:1', () => 'new', { tags: ['shoes'] })
        expect(await second).toBe('new')
        old.resolve('old')
        expect(await first).toBe('old')
        expect(await cache.get('product:1')).toBe('new')
        expect(cache.report().totals.barred).toBe(1)
      },
    )

    test('an invalidation of something else does not bar a factory', async () => {
      const slow = Promise.withResolvers<string>()
      const began = Promise.withResolvers<void>()
      const call = cache.getOrSet('a', held(began, slow), { tags: ['x'] })
      await began.promise
      await cache.delete('b')
      await cache.deleteByTag('y')
      slow.resolve('kept')
      await call
      expect(await cache.get('a')).toBe('kept')
    })

    test('statistics are cumulative and the revision moves with them', async () => {
      const before = cache.revision
      await cache.get('a')
      await cache.set('a', 1)
      await cache.get('a')
      expect(cache.revision).toBeGreaterThan(before)
      const report = cache.report()
      expect(report.totals).toMatchObject({ hits: 1, misses: 1 })
      for (const layer of report.stats) expect(layer).toMatchObject({ sets: 1, errors: 0 })
      expect(report.degraded).toBeUndefined()
    })

    test('after closing, invalidations are refused', async () => {
      await cache.close()
      await expect(cache.delete('a')).rejects.toMatchObject({ code: 'CACHE_CLOSED' })
    })
  })
}

/** A factory that resolves `began` when it starts, and returns `answer`. */
export function held<T>(began: { resolve(): void }, answer: { promise: Promise<T> }): () => Promise<T> {
  return () => {
    began.resolve()
    return answer.promise
  }
}

/** A clock that tests move by hand. */
export function movableClock(): Clock & { advance(ms: number): void } {
  let passed = 0
  const start = Date.now()
  return {
    now: () => start + passed,
    monotonic: () => passed,
    advance(ms) {
      passed += ms
    },
  }
}
