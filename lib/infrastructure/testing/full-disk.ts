import { existsSync, rmSync, symlinkSync } from 'node:fs'
import postgres from 'postgres'

const FULL = '/dev/full'

/** Linux has a device that answers each write with ENOSPC, as a disk without space does. */
export const fullDiskExists = existsSync(FULL)

/** Creates an empty table in a database of the tests whose file is on a full disk: the first row that is inserted fails as Postgres fails then. */
export async function tableOnFullDisk(url: string, table: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    // Without an index it has no page yet, so that nothing of it is waiting to be written.
    await sql`create table ${sql(table)} (id int)`
    const [place] = await sql<{ file: string }[]>`
      select current_setting('data_directory') || '/' || pg_relation_filepath(${table}::regclass) as file`
    if (!place) throw new Error(`${table} has no file`)
    rmSync(place.file)
    symlinkSync(FULL, place.file)
  } finally {
    await sql.end()
  }
}
