import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { memoryRecords } from './adapters/memory.ts'
import { keepLease } from './lease.ts'
import type { RecordStore } from './record-store.ts'

const run = { key: 'a', owner: 'one', leaseMs: 300, retry: true }
let store: RecordStore
beforeEach(() => {
  vi.useFakeTimers()
  store = memoryRecords(systemClock)
})
afterEach(() => {
  vi.useRealTimers()
})

/** An answer that the test gives. */
function answered() {
  const answer = Promise.withResolvers<boolean>()
  const renew = vi.fn(() => answer.promise)
  return { ...answer, renew, store: { ...store, renew } satisfies RecordStore }
}

test('it asks again only when the question before has been answered', async () => {
  const slow = answered()
  const onLost = vi.fn()
  const lease = keepLease(slow.store, { ...run, retry: false }, onLost)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(slow.renew).toHaveBeenCalledTimes(1)
  slow.resolve(true)
  await vi.advanceTimersByTimeAsync(100)
  expect(slow.renew).toHaveBeenCalledTimes(2)
  expect(onLost).not.toHaveBeenCalled()
  lease.stop()
})

test('what is answered after the run has ended changes nothing', async () => {
  const slow = answered()
  const onLost = vi.fn()
  const lease = keepLease(slow.store, run, onLost)
  await vi.advanceTimersByTimeAsync(100)
  lease.stop()
  slow.resolve(false)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(lease.lost).toBe(false)
  expect(onLost).not.toHaveBeenCalled()
  expect(slow.renew).toHaveBeenCalledTimes(1)
})

test('a lease of another owner is lost at once', async () => {
  await store.claim('a', { owner: 'two', leaseMs: 60_000, retry: true })
  const onLost = vi.fn()
  const lease = keepLease(store, run, onLost)
  await vi.advanceTimersByTimeAsync(100)
  expect(lease.lost).toBe(true)
  expect(onLost).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'LEASE_LOST' }))
})
