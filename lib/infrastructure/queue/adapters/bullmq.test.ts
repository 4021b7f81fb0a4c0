import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { loadingRedis } from '../../testing/loading-redis.ts'
import { bullmqBackend } from './bullmq.ts'
import { bullmqRedisStore } from './bullmq-redis-store.ts'

let server: Awaited<ReturnType<typeof loadingRedis>>

beforeAll(async () => {
  server = await loadingRedis()
})
afterAll(() => server.close())

test('a queue is ready soon after Redis is, whatever Redis estimates while it loads its data', async () => {
  const backend = bullmqBackend(bullmqRedisStore({ url: server.url }, 'test'), { timeoutMs: 1_000 })
  await server.hurry(1)
  const queue = await backend.openQueue('mail')
  await vi.waitFor(() => queue.add({ name: 'work', data: {}, text: '{}', options: {} }), {
    timeout: 10_000,
    interval: 20,
  })
  expect(server.ordinary.status).not.toBe('ready')
  await queue.close()
  await backend.close()
}, 60_000)
