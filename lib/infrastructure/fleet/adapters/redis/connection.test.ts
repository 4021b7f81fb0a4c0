import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { loadingRedis } from '../../../testing/loading-redis.ts'
import { openFleetRedis } from './connection.ts'

let server: Awaited<ReturnType<typeof loadingRedis>>

beforeAll(async () => {
  server = await loadingRedis()
})
afterAll(() => server.close())

test('the fleet is ready soon after Redis is, whatever Redis estimates while it loads its data', async () => {
  const redis = openFleetRedis(server.url, 'test')
  redis.connect().catch(() => {})
  await server.hurry(1)
  await vi.waitFor(() => expect(redis.status).toBe('ready'), { timeout: 10_000, interval: 5 })
  expect(server.ordinary.status).not.toBe('ready')
  redis.disconnect()
}, 60_000)
