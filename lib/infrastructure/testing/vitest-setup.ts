import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { startEmbeddedRedis } from './embedded-redis.ts'

/** vitest's globalSetup: one real Postgres and one real Redis per run, removed after it. */
export default async function setup(project: TestProject) {
  const dir = mkdtempSync(join(tmpdir(), 'substation-test-'))
  chmodSync(dir, 0o755)
  const tools = resolve('.substation', 'tools')
  const [database, redis] = await Promise.all([
    // Nothing here must survive a power cut, so nothing waits for the disk.
    startEmbeddedPostgres({
      dir: join(dir, 'postgres'),
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
    }),
    startEmbeddedRedis({ dir: join(dir, 'redis'), tools }),
  ])
  project.provide('postgresUrl', database.url)
  project.provide('redisUrl', redis.url)
  project.provide('toolsFolder', tools)
  return async () => {
    await Promise.all([database.stop(), redis.stop()])
    rmSync(dir, { recursive: true, force: true })
  }
}
