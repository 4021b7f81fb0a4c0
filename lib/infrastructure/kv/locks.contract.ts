import { expect, test } from 'vitest'
import type { KvUnderTest } from './kv.contract.ts'

/** The part of the contract about locks. */
export function locksContract(under: () => KvUnderTest): void {
  test('a lock has one holder at a time, and the fence only grows', async () => {
    const { store: kv } = under()
    const first = await kv.lock('a', { ttlMs: 60_000 })
    await expect(kv.lock('a', { ttlMs: 60_000 })).rejects.toMatchObject({ code: 'KV_LOCKED', retryable: true })
    const other = await kv.lock('b', { ttlMs: 60_000 })
    expect(await first.release()).toBe(true)
    expect(await first.release()).toBe(false)
    const second = await kv.lock('a', { ttlMs: 60_000 })
    expect(second.fence).toBeGreaterThan(first.fence)
    expect(await first.release()).toBe(false)
    await expect(kv.lock('a', { ttlMs: 60_000 })).rejects.toMatchObject({ code: 'KV_LOCKED' })
    expect(await other.release()).toBe(true)
  })

  test('an expired lock is free for the next, with a greater fence, and lost for its holder', async () => {
    const { store: kv, pass } = under()
    const first = await kv.lock('a', { ttlMs: 100 })
    await pass(101)
    await expect(first.renew()).rejects.toMatchObject({ code: 'KV_LOCK_LOST' })
    expect(await first.release()).toBe(false)
    // Also when what had expired was removed.
    await kv.removeExpired()
    const second = await kv.lock('a', { ttlMs: 60_000 })
    expect(second.fence).toBeGreaterThan(first.fence)
    await expect(first.renew()).rejects.toMatchObject({ code: 'KV_LOCK_LOST' })
    expect(await first.release()).toBe(false)
    await second.renew()
    await expect(second.renew(0)).rejects.toMatchObject({ code: 'KV_OPTIONS' })
  })

  test('a renewed lock outlives its first time', async () => {
    const { store: kv, pass } = under()
    const lock = await kv.lock('a', { ttlMs: 1_500 })
    await lock.renew(60_000)
    await pass(1_501)
    await expect(kv.lock('a', { ttlMs: 100 })).rejects.toMatchObject({ code: 'KV_LOCKED' })
    expect(await lock.release()).toBe(true)
  })

  test('whoever waits gets it when it is released: of many, one after the other', async () => {
    const { store: kv } = under()
    let inside = 0
    let most = 0
    const fences: number[] = []
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const lock = await kv.lock('a', { ttlMs: 60_000, waitMs: 15_000 })
        most = Math.max(most, ++inside)
        fences.push(lock.fence)
        await kv.get('something')
        inside--
        await lock[Symbol.asyncDispose]()
      }),
    )
    expect(most).toBe(1)
    expect(fences).toEqual(fences.toSorted((a, b) => a - b))
    expect(new Set(fences).size).toBe(8)
  })

  test('waiting ends when its signal aborts, with the reason, and leaves no lock', async () => {
    const { store: kv } = under()
    const held = await kv.lock('a', { ttlMs: 60_000 })
    const giveUp = new AbortController()
    const waiting = kv.lock('a', { ttlMs: 60_000, waitMs: 60_000, signal: giveUp.signal })
    giveUp.abort(new Error('the request ended'))
    await expect(waiting).rejects.toThrow('the request ended')
    await held.release()
    await (await kv.lock('a', { ttlMs: 60_000 })).release()
    await expect(kv.lock('a', { ttlMs: 0 })).rejects.toMatchObject({ code: 'KV_OPTIONS' })
    await expect(kv.lock('', { ttlMs: 1 })).rejects.toMatchObject({ code: 'KV_KEY' })
  })
}
