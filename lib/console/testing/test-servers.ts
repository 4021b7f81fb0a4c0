import { Redis } from 'ioredis'
import { afterAll, beforeAll } from 'vitest'
import { createDatabase, redisUrl } from '../../infrastructure/testing/servers.ts'
import { testSettings } from './open-test-console.ts'

/** A database for the tests of one file, and a client of the Redis that all share. */
export function testServers() {
  let database: Awaited<ReturnType<typeof createDatabase>>
  const redis = new Redis(redisUrl())
  beforeAll(async () => {
    database = await createDatabase()
  })
  afterAll(async () => {
    redis.disconnect()
    await database.drop()
  })
  return {
    redis,
    /** Of a console on them, with an environment of its own; the fleet's Redis may be another. */
    settings: (url = redisUrl()) => testSettings({ databaseUrl: database.url, redisUrl: url }),
  }
}
