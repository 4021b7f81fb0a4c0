import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { loadingRedis } from '../../testing/loading-redis.ts'
import { cacheConnections } from './redis-connection.ts'

let server: Awaited<ReturnType<typeof loadingRedis>>

beforeAll(async () => {
  server = await loadingRedis()
})
afterAll(() => server.close())

test('a cache is ready soon after Redis is, whatever Redis estimates while it loads its data', async () => {
  const connections = cacheConnections({ url: server.url }, 1_000)
  await server.hurry(1)
  await vi.waitFor(() => expect(connections.commands.status).toBe('ready'), { timeout: 10_000, interval: 5 })
  expect(server.ordinary.status).not.toBe('ready')
  connections.close()
}, 60_000)
