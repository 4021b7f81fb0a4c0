import { afterEach, expect, test, vi } from 'vitest'
import { addJob } from './memory-add.ts'
import { MemoryStore } from './memory-store.ts'

afterEach(() => vi.useRealTimers())

test('throttled jobs are held only for about as long as others are held back for them', () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const store = new MemoryStore()
  const queue = store.find('mail')
  const add = (id: string, ttlMs: number) => {
    const options = { deduplication: { id, mode: 'throttle' as const, ttlMs } }
    return addJob(store, queue, { name: 'x', data: 1, text: '1', options })
  }
  const long = add('long', 60_000)
  for (let at = 0; at < 2_000; at++) {
    vi.setSystemTime(Date.now() + 1)
    add(`short-${at}`, 10)
  }
  expect(queue.held.size).toBeLessThan(200)
  expect(add('long', 60_000)).toEqual({ id: long.id, deduplicated: true })
})
