import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { expect, test } from 'vitest'
import { findRedis } from './embedded-redis.ts'
import { createDatabase, redisUrl, startRedis } from './servers.ts'

test('the shared servers answer, and a new database is empty', async () => {
  const redis = new Redis(redisUrl())
  expect(await redis.ping()).toBe('PONG')
  redis.disconnect()

  const database = await createDatabase()
  const sql = postgres(database.url)
  const tables = await sql`select 1 from pg_tables where schemaname = 'public'`
  expect(tables).toHaveLength(0)
  await sql.end()
  await database.drop()
})

test('a Redis of the test stops, hangs and comes back on its port', async () => {
  const server = await startRedis()
  const redis = new Redis(server.url, { commandTimeout: 300, maxRetriesPerRequest: 0, retryStrategy: () => 50 })
  redis.on('error', () => {})
  expect(await redis.ping()).toBe('PONG')
  server.pause()
  await expect(redis.ping()).rejects.toThrow(/timed out/i)
  server.resume()
  await server.stop()
  await expect(redis.ping()).rejects.toThrow()
  await server.start()
  await expect.poll(() => redis.ping().catch(() => 'down'), { timeout: 5_000 }).toBe('PONG')
  redis.disconnect()
  await server.close()
})

test('two servers that start side by side on a new machine find the same program', async () => {
  const tools = mkdtempSync(join(tmpdir(), 'substation-tools-'))
  const [one, other] = await Promise.all([findRedis(tools), findRedis(tools)])
  expect(one.path).toBe(other.path)
  const { stdout } = await promisify(execFile)(one.path, ['--version'], { env: one.env })
  expect(stdout).toContain('v=')
  // What was unpacked twice is not left behind.
  expect(readdirSync(tools).length).toBeLessThanOrEqual(1)
  rmSync(tools, { recursive: true, force: true })
})
