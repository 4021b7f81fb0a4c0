import { expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { memoryBackends } from './adapters/memory.ts'
import type { KvBackend } from './backend.ts'
import { obtainLock } from './lock.ts'

const options = { ttlMs: 60_000, waitMs: 0, signal: undefined }

test('a lock that arrives after its caller gave up is released', async () => {
  const backend = memoryBackends(systemClock).in('a')
  const giveUp = new AbortController()
  const slow = {
    async acquire(name: string, ttlMs: number) {
      const fence = await backend.acquire(name, ttlMs)
      giveUp.abort(new Error('the request ended'))
      return fence
    },
    release: (name: string, fence: number) => backend.release(name, fence),
  } as KvBackend
  await expect(obtainLock(() => slow, 'x', { ...options, signal: giveUp.signal })).rejects.toThrow('the request ended')
  expect((await obtainLock(() => backend, 'x', options)).fence).toBe(2)
})
