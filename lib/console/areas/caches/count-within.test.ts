import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDatabase, startRedis, type TestRedis } from '../../../infrastructure/testing/servers.ts'
import type { Console } from '../../open.ts'
import { actorOf, openTestConsole, testSettings } from '../../testing/open-test-console.ts'
import { keyPrefixView } from './views/key-prefix.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let server: TestRedis
let console: Console
let redis: Redis
let stopped = false

beforeEach(async () => {
  database = await createDatabase()
  server = await startRedis()
  redis = new Redis(server.url)
  const settings = testSettings({ databaseUrl: database.url, redisUrl: server.url })
  settings.environments[0]?.redis.push({ name: 'main', url: server.url, prefixes: [] })
  console = await openTestConsole(settings)
})
afterEach(async () => {
  stopped = true
  redis.disconnect()
  await console.close()
  await server.close()
  await database.drop()
})

/** Keeps Redis busy, so that other commands wait, as on a loaded or distant one. */
async function slow(ms: number) {
  const busy = `local function now() local t = redis.call('TIME') return t[1] * 1e6 + t[2] end
    local started = now() while now() - started < ${ms * 1_000} do end`
  while (!stopped) await redis.eval(busy, 0).catch(() => {})
}

test('keys that a slow Redis cannot count in time have an unknown number: they are shown, and can be removed', async () => {
  await redis.eval(`for i = 1, 60000 do redis.call('SET', 'session:' .. i, '1') end`, 0)
  void slow(50)
  const environment = console.settings.environments[0]?.name ?? ''
  const pattern = 'session:*'
  const { data } = await console.view(keyPrefixView, environment, actorOf('operator'), { server: 'main', pattern })
  expect(data.keys).toMatchObject({ status: 'up', data: { precision: 'unknown' } })
  const input = { server: 'main', pattern, reason: 'a test' }
  const request = { environment, operation: 'cache.delete-keys', input }
  expect(await console.runner.preview(actorOf('admin'), request)).toMatchObject({
    action: 'Delete an unknown number of keys',
  })
})
