import { performance } from 'node:perf_hooks'
import type { Connection } from './connection.ts'
import type { LiveTable } from './live-tables.ts'

/** Blocks of the sample, about 8 MB, and how long reading it may take (ms). */
const SAMPLE_BLOCKS = 1_000
const SAMPLE_MS = 1_000
const BLOCK_BYTES = 8_192

/** Bytes per ms at which a sample of a table is read just now; undefined where that cannot be measured (no right to read it, too slow, partitioned). */
export async function readRateOf(connection: Connection, { quoted, pages }: LiveTable): Promise<number | undefined> {
  if (pages === 0) return undefined
  const share = Math.min(100, (SAMPLE_BLOCKS / pages) * 100)
  const within = new AbortController()
  const timer = setTimeout(() => within.abort(), SAMPLE_MS)
  try {
    const began = performance.now()
    await connection.send(
      `select count(*) from only ${quoted} tablesample system (${share.toFixed(6)})`,
      [],
      within.signal,
    )
    const tookMs = Math.max(0.1, performance.now() - began)
    return (Math.min(pages, SAMPLE_BLOCKS) * BLOCK_BYTES) / tookMs
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
