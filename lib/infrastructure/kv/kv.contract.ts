import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listsContract } from './lists.contract.ts'
import { locksContract } from './locks.contract.ts'
import type { KeyValueStore } from './port.ts'

export interface KvUnderTest {
  /** Empty, in a namespace of its own, with values of at most 10,000 bytes. */
  store: KeyValueStore
  /** Lets this much time pass for the store. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

/** What every key-value store guarantees. */
export function kvContract(name: string, setup: () => Promise<KvUnderTest>): void {
  describe(`${name} keeps the contract of key-value stores`, () => {
    let under: KvUnderTest
    let kv: KeyValueStore
    beforeEach(async () => {
      under = await setup()
      kv = under.store
    })
    afterEach(() => under.close())

    test('returns what was set, after a round trip through JSON, and undefined for nothing', async () => {
      expect(await kv.get('nothing')).toBeUndefined()
      await kv.set('a', { at: new Date(0), list: [1, null], 'ключ ☃': true, nul: '\u0000|' })
      const expected = { at: '1970-01-01T00:00:00.000Z', list: [1, null], 'ключ ☃': true, nul: '\u0000|' }
      expect(await kv.get('a')).toEqual(expected)
      for (const value of [null, false, 0, '', [], 1.5e-7, '12|34']) {
        await kv.set('plain', value)
        expect(await kv.get('plain')).toEqual(value)
      }
      await kv.push('list', [1])
      expect(await kv.getMany(['a', 'nothing', 'list', 'plain', 'a'])).toEqual(
        new Map<string, unknown>([
          ['a', expected],
          ['plain', '12|34'],
        ]),
      )
      expect(await kv.getMany([])).toEqual(new Map())
    })

    test('keys may contain anything but NUL and broken characters, up to 512 bytes', async () => {
      for (const key of ['a b', 'x:y:*', '{z}', "o'clock", 'line\nbreak', 'schlüssel ☃', '[', '\\', 'x'.repeat(512)]) {
        await kv.set(key, key)
        expect(await kv.get(key)).toBe(key)
        expect((await kv.keys()).keys).toEqual([key])
        expect(await kv.delete(key)).toBe(true)
        expect(await kv.delete(key)).toBe(false)
      }
      for (const key of ['', 'a\u0000', '\ud800', 'x'.repeat(513), 'ü'.repeat(257), 1 as unknown as string])
        await expect(kv.set(key, 1)).rejects.toMatchObject({ code: 'KV_KEY' })
    })

    test.each([undefined, () => 1, 1n, Symbol('x')])('refuses %s, which is not JSON', async value => {
      await expect(kv.set('a', value)).rejects.toMatchObject({ code: 'KV_VALUE' })
      await expect(kv.push('a', [value])).rejects.toMatchObject({ code: 'KV_VALUE' })
    })

    test('refuses values beyond the limit, and times that are none', async () => {
      await kv.set('a', 'x'.repeat(9_998))
      await expect(kv.set('a', 'x'.repeat(9_999))).rejects.toMatchObject({ code: 'KV_TOO_LARGE' })
      for (const ttlMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
        await expect(kv.set('a', 1, { ttlMs })).rejects.toMatchObject({ code: 'KV_OPTIONS' })
      await expect(kv.set('a', 1, { ifAbsent: true, ifVersion: 1 })).rejects.toMatchObject({ code: 'KV_OPTIONS' })
      expect(await kv.get('a')).toHaveLength(9_998)
    })

    test('an expired value is gone, and what is set without a time stays', async () => {
      await kv.set('later', 1, { ttlMs: 60_000 })
      expect((await kv.getEntry('later'))?.expiresInMs).toBeGreaterThan(0)
      expect((await kv.getEntry('later'))?.expiresInMs).toBeLessThanOrEqual(60_000)
      await kv.delete('later')
      await kv.set('a', 1, { ttlMs: 100 })
      await kv.set('kept', 1, { ttlMs: 100 })
      await kv.set('kept', 2)
      expect(await kv.getEntry('kept')).not.toHaveProperty('expiresInMs')
      await under.pass(101)
      expect(await kv.get('a')).toBeUndefined()
      expect(await kv.getMany(['a', 'kept'])).toEqual(new Map([['kept', 2]]))
      expect(await kv.keys()).toEqual({ keys: ['kept'] })
      expect(await kv.delete('a')).toBe(false)
      expect(await kv.set('a', 3, { ifAbsent: true })).toEqual(expect.any(Number))
    })

    test('ifAbsent sets once, also for many at the same time', async () => {
      const versions = await Promise.all(Array.from({ length: 20 }, (_, n) => kv.set('a', n, { ifAbsent: true })))
      expect(versions.filter(version => version !== undefined)).toHaveLength(1)
      expect(await kv.get('a')).toBe(versions.findIndex(version => version !== undefined))
      await kv.push('list', [1])
      expect(await kv.set('list', 1, { ifAbsent: true })).toBeUndefined()
    })

    test('ifVersion sets and deletes only what was read; a version never returns', async () => {
      const first = await kv.set('a', 1)
      expect(await kv.getEntry('a')).toEqual({ value: 1, version: first })
      const second = await kv.set('a', 2, { ifVersion: first! })
      expect(second).not.toBe(first)
      expect(await kv.set('a', 3, { ifVersion: first! })).toBeUndefined()
      expect(await kv.delete('a', { ifVersion: first! })).toBe(false)
      expect(await kv.delete('a', { ifVersion: second! })).toBe(true)
      expect(await kv.set('a', 4, { ifVersion: second! })).toBeUndefined()
      expect(await kv.set('a', 1)).not.toBe(first)
      expect(await kv.set('none', 1, { ifVersion: 1 })).toBeUndefined()
      await kv.increment('n')
      const version = (await kv.getEntry('n'))?.version as number
      await kv.increment('n')
      expect(await kv.set('n', 9, { ifVersion: version })).toBeUndefined()
      await kv.push('list', [1])
      expect(await kv.set('list', 1, { ifVersion: 1 })).toBeUndefined()
      expect(await kv.delete('list', { ifVersion: 1 })).toBe(false)
    })

    test('compareAndSet compares as JSON, whatever the order of properties; of many, one wins', async () => {
      expect(await kv.compareAndSet('a', { n: 1 }, 2)).toBe(false)
      expect(await kv.compareAndSet('a', undefined, { n: 1, m: [2] })).toBe(true)
      expect(await kv.compareAndSet('a', undefined, 3)).toBe(false)
      expect(await kv.compareAndSet('a', { m: [2] }, 3)).toBe(false)
      expect(await kv.compareAndSet('a', { m: [2], n: 1 }, 0)).toBe(true)
      const won = await Promise.all(Array.from({ length: 10 }, (_, n) => kv.compareAndSet('a', 0, n + 1)))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await kv.get('a')).toBe(won.indexOf(true) + 1)
    })

    test('increments exactly, also many at the same time, and keeps the time to live of the first', async () => {
      const sums = await Promise.all(Array.from({ length: 50 }, () => kv.increment('n')))
      expect(sums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
      expect(await kv.increment('n', { by: -50 })).toBe(0)
      expect(await kv.get('n')).toBe(0)
      await kv.increment('minute', { ttlMs: 60_000, by: 5 })
      expect(await kv.increment('minute', { ttlMs: 1 })).toBe(6)
      expect((await kv.getEntry('minute'))?.expiresInMs).toBeGreaterThan(1)
      await kv.increment('window', { ttlMs: 100, by: 5 })
      await under.pass(101)
      expect(await kv.increment('window')).toBe(1)
      expect(await kv.getEntry('window')).not.toHaveProperty('expiresInMs')
    })

    test('refuses to add to what is not a whole number, and beyond what a number counts exactly', async () => {
      for (const value of ['1', 1.5, null, [1], { n: 1 }, 1e21, true]) {
        await kv.set('a', value)
        await expect(kv.increment('a')).rejects.toMatchObject({ code: 'KV_NUMBER' })
        expect(await kv.get('a')).toEqual(value)
      }
      await kv.set('a', Number.MAX_SAFE_INTEGER - 1)
      expect(await kv.increment('a')).toBe(Number.MAX_SAFE_INTEGER)
      await expect(kv.increment('a')).rejects.toMatchObject({ code: 'KV_NUMBER' })
      expect(await kv.increment('a', { by: -Number.MAX_SAFE_INTEGER })).toBe(0)
      await expect(kv.increment('a', { by: 0.5 })).rejects.toMatchObject({ code: 'KV_OPTIONS' })
    })

    test('lists keys by prefix, in the order of their bytes, page by page', async () => {
      const names = ['b', 'a:1', 'a:10', 'a:2', 'a;', 'A:1', 'a:é', 'a:\u{1f600}', 'a:\uffee', 'a']
      for (const name of names) await kv.set(name, 1)
      await kv.push('a:list', [1])
      const expected = ['a:1', 'a:10', 'a:2', 'a:list', 'a:é', 'a:\uffee', 'a:\u{1f600}']
      expect(await kv.keys({ prefix: 'a:' })).toEqual({ keys: expected })
      const pages: string[][] = []
      let cursor: string | undefined
      do {
        const page = await kv.keys({ prefix: 'a:', limit: 2, ...(cursor === undefined ? {} : { cursor }) })
        pages.push(page.keys)
        cursor = page.cursor
      } while (cursor !== undefined)
      expect(pages.flat()).toEqual(expected)
      for (const page of pages) expect(page.length).toBeLessThanOrEqual(2)
      expect((await kv.keys()).keys).toHaveLength(names.length + 1)
      expect(await kv.keys({ prefix: 'nothing' })).toEqual({ keys: [] })
      await expect(kv.keys({ limit: 0 })).rejects.toMatchObject({ code: 'KV_OPTIONS' })
    })

    test('namespaces are apart: values, lists of keys, locks', async () => {
      const inner = kv.namespace('inner')
      const other = kv.namespace('inner-2')
      await kv.set('a', 0)
      await inner.set('a', 1)
      await inner.namespace('deep').set('a', 2)
      await other.set('b', 3)
      expect([await kv.get('a'), await inner.get('a'), await inner.namespace('deep').get('a')]).toEqual([0, 1, 2])
      expect(await inner.keys()).toEqual({ keys: ['a'] })
      expect(await kv.namespace('inner').get('a')).toBe(1)
      expect(await other.get('a')).toBeUndefined()
      await inner.lock('x', { ttlMs: 60_000 })
      await (await other.lock('x', { ttlMs: 60_000 })).release()
      expect(() => kv.namespace('a/b')).toThrow(expect.objectContaining({ code: 'KV_KEY' }))
      expect(inner.namespace('deep').name).toBe(`${kv.name}/inner/deep`)
    })

    test('removeExpired frees what expired, a bounded number at a time, and nothing else', async () => {
      const inner = kv.namespace('inner')
      for (let n = 0; n < 5; n++) await inner.set(`old:${n}`, n, { ttlMs: 100 })
      await kv.set('kept', 1)
      await kv.set('later', 1, { ttlMs: 60_000 })
      await under.pass(101)
      const removed = [await kv.removeExpired({ limit: 2 }), await kv.removeExpired(), await kv.removeExpired()]
      // Writes may have freed some before.
      expect(removed[0]).toBeLessThanOrEqual(2)
      expect(removed[1]).toBeLessThanOrEqual(5)
      expect(removed[2]).toBe(0)
      expect(await kv.keys()).toEqual({ keys: ['kept', 'later'] })
    })

    test('after closing, calls are refused, and closing again does nothing', async () => {
      await kv.close()
      await kv.close()
      await expect(kv.get('a')).rejects.toMatchObject({ code: 'KV_CLOSED' })
      await expect(kv.removeExpired()).rejects.toMatchObject({ code: 'KV_CLOSED' })
    })

    listsContract(() => under)
    locksContract(() => under)
  })
}
