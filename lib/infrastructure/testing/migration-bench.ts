import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { createMigrations, type Migrations } from '../migrations/index.ts'
import type { MigrationBench } from '../migrations/migrations.contract.ts'

export async function migrationBench(
  kind: 'folder' | 'drizzle',
  database: { url: string; drop(): Promise<void> },
): Promise<MigrationBench> {
  const folder = await mkdtemp(join(tmpdir(), 'substation-migrations-'))
  const sql = postgres(database.url, { max: 4, onnotice: () => {} })
  const opened: Migrations[] = []
  let entries: { idx: number; when: number; tag: string; version: string; breakpoints: boolean }[] = []
  const keep = async () => {
    if (kind !== 'drizzle') return
    await mkdir(join(folder, 'meta'), { recursive: true })
    entries.sort((a, b) => (a.tag < b.tag ? -1 : 1))
    const journal = { version: '7', dialect: 'postgresql', entries }
    await writeFile(join(folder, 'meta', '_journal.json'), JSON.stringify(journal))
  }
  await keep()
  return {
    url: database.url,
    folder,
    sql,
    async write(name, up, down) {
      await writeFile(join(folder, `${name}.sql`), up)
      if (down !== undefined) await writeFile(join(folder, `${name}.down.sql`), down)
      const idx = Number(name.slice(0, 4))
      if (!entries.some(entry => entry.tag === name))
        entries.push({ idx, when: 1_700_000_000_000 + idx * 1_000, tag: name, version: '7', breakpoints: true })
      await keep()
    },
    async remove(name) {
      await rm(join(folder, `${name}.sql`))
      await rm(join(folder, `${name}.down.sql`), { force: true })
      entries = entries.filter(entry => entry.tag !== name)
      await keep()
    },
    async open(settings = {}) {
      const migrations = await createMigrations({ url: database.url, folder, ...settings })
      opened.push(migrations)
      return migrations
    },
    async close() {
      await Promise.all(opened.map(migrations => migrations.close()))
      await sql.end({ timeout: 1 })
      await rm(folder, { recursive: true, force: true })
      await database.drop()
    },
  }
}
