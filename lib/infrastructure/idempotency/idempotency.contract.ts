import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { crashContract } from './crash.contract.ts'
import type { Idempotency } from './port.ts'
import { waitingContract } from './waiting.contract.ts'

export interface IdempotencyUnderTest {
  /** Empty, with results of at most 1,000 bytes. */
  runs: Idempotency
  /** Over the same records, as in another process; where records belong to one process, the same. */
  other: Idempotency
  /** Begins a run of the key as a process would leave it that ended at once; after `pass(leaseMs)` it counts as crashed. */
  crash(key: string, options: { leaseMs: number; onCrash: 'fail' | 'retry'; fingerprint?: string }): Promise<void>
  /** Lets this much time pass for the records. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

/** What idempotent runs guarantee, whatever keeps their records. */
export function idempotencyContract(name: string, setup: () => Promise<IdempotencyUnderTest>): void {
  describe(`${name} keeps the contract of idempotent runs`, () => {
    let under: IdempotencyUnderTest
    let runs: Idempotency
    let other: Idempotency
    beforeEach(async () => {
      under = await setup()
      runs = under.runs
      other = under.other
    })
    afterEach(() => under.close())

    test('the same key has the same result, and runs the work once', async () => {
      const work = vi.fn(() => ({ id: 7, at: new Date(0), left: undefined }))
      const first = await runs.run('a', {}, work)
      expect(first).toEqual({ id: 7, at: '1970-01-01T00:00:00.000Z' })
      expect(await runs.run('a', {}, work)).toEqual(first)
      expect(await other.run('a', {}, work)).toEqual(first)
      expect(work).toHaveBeenCalledTimes(1)
      await runs.run('b', {}, work)
      expect(work).toHaveBeenCalledTimes(2)
    })

    test.each([undefined, null, 0, '', '\u0000', [], false])('the result may be %j', async value => {
      const work = vi.fn(() => value)
      expect(await runs.run('a', {}, work)).toEqual(value)
      expect(await other.run('a', {}, work)).toEqual(value)
      expect(work).toHaveBeenCalledTimes(1)
      expect(await other.lookup('a')).toEqual({ state: 'completed', fence: expect.any(Number), value })
    })

    test('keys may contain anything but NUL and broken characters, up to 512 bytes', async () => {
      for (const key of ['a b', 'x:y:*', '{z}', "o'clock", 'line\nbreak', 'schlüssel ☃', 'x'.repeat(512)])
        expect(await runs.run(key, {}, () => key)).toBe(key)
      for (const key of ['', 'a\u0000', '\ud800', 'x'.repeat(513), 1 as unknown as string])
        await expect(runs.run(key, {}, () => 1)).rejects.toMatchObject({ code: 'KEY' })
    })

    test('after its time to live the work runs again, with a greater fence', async () => {
      const work = vi.fn(({ fence }: { fence: number }) => fence)
      const first = await runs.run('a', { ttlMs: 100 }, work)
      await under.pass(101)
      expect(await runs.lookup('a')).toBeUndefined()
      expect(await runs.forget('a')).toBe(false)
      expect(await runs.run('a', {}, work)).toBeGreaterThan(first)
      expect(work).toHaveBeenCalledTimes(2)
    })

    test('another body is a conflict, while in flight and after it; the order of properties is none', async () => {
      const answer = Promise.withResolvers<string>()
      const first = runs.run('a', { body: { b: [1, { x: 1, y: 2 }], c: null } }, () => answer.promise)
      await vi.waitFor(async () => expect(await runs.lookup('a')).toMatchObject({ state: 'in-flight' }))
      const another = { body: { b: [1, { x: 1, y: 3 }], c: null } }
      for (const one of [runs, other])
        await expect(one.run('a', another, () => 'no')).rejects.toMatchObject({ code: 'CONFLICT' })
      answer.resolve('paid')
      expect(await first).toBe('paid')
      for (const one of [runs, other]) {
        await expect(one.run('a', another, () => 'no')).rejects.toMatchObject({ code: 'CONFLICT', retryable: false })
        expect(await one.run('a', { body: { c: null, b: [1, { y: 2, x: 1 }] } }, () => 'no')).toBe('paid')
        expect(await one.run('a', {}, () => 'no')).toBe('paid')
      }
      for (const body of [1n, () => 1])
        await expect(runs.run('a', { body }, () => 1)).rejects.toMatchObject({ code: 'OPTIONS' })
    })

    test('an error of the work is passed on and releases the key', async () => {
      const error = Object.assign(new Error('card declined'), { code: 'declined' })
      const work = vi.fn().mockRejectedValueOnce(error).mockReturnValueOnce('paid')
      await expect(runs.run('a', {}, work)).rejects.toBe(error)
      expect(await runs.lookup('a')).toBeUndefined()
      expect(await other.run('a', {}, work)).toBe('paid')
    })

    test('keepErrors keeps a failure for its time, or those that a function chooses', async () => {
      const declined = Object.assign(new TypeError('card declined'), { code: 'declined' })
      const fail = () => Promise.reject(declined)
      await expect(runs.run('brief', { keepErrors: 100 }, fail)).rejects.toBe(declined)
      await under.pass(101)
      expect(await other.run('brief', {}, () => 'paid')).toBe('paid')
      await expect(runs.run('a', { keepErrors: 60_000 }, fail)).rejects.toBe(declined)
      const failure = { name: 'TypeError', message: 'card declined', code: 'declined' }
      await expect(other.run('a', {}, () => 'no')).rejects.toMatchObject({ code: 'KEPT_FAILURE', failure })
      expect(await other.lookup('a')).toMatchObject({ state: 'failed', failure })
      const keepErrors = (error: unknown) => (error === declined ? 60_000 : undefined)
      await expect(runs.run('b', { keepErrors }, () => Promise.reject('timeout'))).rejects.toBe('timeout')
      await expect(runs.run('b', { keepErrors }, fail)).rejects.toBe(declined)
      await expect(runs.run('b', { keepErrors }, () => 'no')).rejects.toMatchObject({ code: 'KEPT_FAILURE' })
      // A decision that fails keeps nothing.
      const throws = () => {
        throw new Error('wrong')
      }
      for (const wrong of [() => -1, throws])
        await expect(runs.run('c', { keepErrors: wrong }, fail)).rejects.toBe(declined)
      expect(await runs.run('c', {}, () => 'paid')).toBe('paid')
    })

    test.each([
      ['is not JSON', 1n],
      ['is no value', () => 1],
      ['is too large', 'x'.repeat(1_000)],
    ])('a result that %s is refused, and the outcome is unknown: the work was done', async (_, value) => {
      await expect(runs.run('a', { onCrash: 'retry' }, () => value)).rejects.toMatchObject({ code: 'VALUE' })
      await expect(other.run('a', { onCrash: 'retry' }, () => 'again')).rejects.toMatchObject({
        code: 'OUTCOME_UNKNOWN',
      })
    })

    test('forget lets the work run again, but not while it is in flight', async () => {
      const answer = Promise.withResolvers<number>()
      const first = runs.run('a', {}, () => answer.promise)
      await vi.waitFor(async () => expect(await runs.lookup('a')).toMatchObject({ state: 'in-flight' }))
      expect(await other.forget('a')).toBe(false)
      expect(await other.resolve('a', 9)).toBe(false)
      answer.resolve(1)
      expect(await first).toBe(1)
      expect(await other.resolve('a', 9)).toBe(false)
      expect(await other.forget('a')).toBe(true)
      expect(await other.forget('a')).toBe(false)
      expect(await other.resolve('a', 9)).toBe(false)
      expect(await runs.run('a', {}, () => 2)).toBe(2)
    })

    test('a deduplicated function runs once for each key of its arguments', async () => {
      const charge = vi.fn(async (order: string, cents: number) => ({ order, cents }))
      const once = runs.dedupe(charge, { key: order => `charge:${order}`, body: (_, cents) => cents })
      const results = await Promise.all([once('1', 100), once('1', 100), once('2', 100)])
      expect(results.map(({ order }) => order)).toEqual(['1', '1', '2'])
      expect(charge).toHaveBeenCalledTimes(2)
      await expect(once('1', 200)).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await runs.dedupe(charge, { key: order => `charge:${order}` })('1', 300)).toEqual({
        order: '1',
        cents: 100,
      })
    })

    test.each([{ ttlMs: 0 }, { ttlMs: Number.NaN }, { leaseMs: 10 }, { waitMs: -1 }, { keepErrors: 0 }])(
      'refuses %o',
      async options => {
        await expect(runs.run('a', options, () => 1)).rejects.toMatchObject({ code: 'OPTIONS' })
        await expect(runs.removeExpired({ limit: 0 })).rejects.toMatchObject({ code: 'OPTIONS' })
      },
    )

    test('closing waits for what runs, records it, and refuses what comes later', async () => {
      const answer = Promise.withResolvers<number>()
      const first = runs.run('a', {}, () => answer.promise)
      await vi.waitFor(async () => expect(await runs.lookup('a')).toMatchObject({ state: 'in-flight' }))
      const closing = runs.close()
      await expect(runs.run('b', {}, () => 1)).rejects.toMatchObject({ code: 'CLOSED' })
      answer.resolve(1)
      await closing
      await runs.close()
      expect(await first).toBe(1)
      if (other !== runs) expect(await other.run('a', {}, () => 2)).toBe(1)
      await expect(runs.lookup('a')).rejects.toMatchObject({ code: 'CLOSED' })
    })

    waitingContract(() => under)
    crashContract(() => under)
  })
}
