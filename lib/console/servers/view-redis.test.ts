import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { loadingRedis } from '../../infrastructure/testing/loading-redis.ts'
import { openViewRedis } from './view-redis.ts'

let server: Awaited<ReturnType<typeof loadingRedis>>

beforeAll(async () => {
  server = await loadingRedis()
})
afterAll(() => server.close())

test('a connection for views is ready soon after Redis is, whatever Redis estimates while it loads its data', async () => {
  const redis = openViewRedis(server.url, 'test')
  await server.hurry(1)
  await vi.waitFor(() => expect(redis.status).toBe('ready'), { timeout: 10_000, interval: 5 })
  expect(server.ordinary.status).not.toBe('ready')
  redis.disconnect()
}, 60_000)
