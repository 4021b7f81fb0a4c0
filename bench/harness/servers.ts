import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../lib/infrastructure/testing/embedded-postgres.ts'
import { type EmbeddedRedis, startEmbeddedRedis } from '../../lib/infrastructure/testing/embedded-redis.ts'

export const ROOT = resolve(import.meta.dirname, '..', '..')
/** Where an unpacked redis-server is kept; shared with `npm start`. */
export const TOOLS = join(ROOT, '.substation', 'tools')

/** A folder that is removed with the bench. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'substation-bench-'))
  // Postgres runs as another user there when the bench is run by root.
  chmodSync(path, 0o755)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A Redis for the bench, in a folder that is removed with it. */
export async function benchRedis(): Promise<EmbeddedRedis> {
  const folder = temporaryFolder()
  const server = await startEmbeddedRedis({ dir: folder.path, tools: TOOLS })
  return {
    ...server,
    async stop() {
      await server.stop()
      folder.remove()
    },
  }
}

/** A Postgres for the bench, which waits for the disk as one in production does. */
export async function benchPostgres(): Promise<EmbeddedPostgres> {
  const folder = temporaryFolder()
  const server = await startEmbeddedPostgres({ dir: join(folder.path, 'postgres') })
  return {
    ...server,
    async stop() {
      await server.stop()
      folder.remove()
    },
  }
}
