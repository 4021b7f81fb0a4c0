import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { expect, test, vi } from 'vitest'
import { libraryDatabase } from '../testing/library-database.ts'
import { startProgram } from '../testing/program.ts'

const COUNT = 1_000
const FILE = fileURLToPath(new URL('../testing/sync-program.ts', import.meta.url))

test('a process that pulls is killed again and again: nothing is lost, and nothing applied twice', async () => {
  const database = await libraryDatabase('sync')
  const sql = postgres(database.url, { max: 2, onnotice: () => {} })
  await sql`create table pulled (id text not null)`
  await sql`create table gate (closed_from int not null)`
  await sql`insert into gate values (0)`
  const pulled = async () => (await sql<[{ n: number }]>`select count(*)::int as n from pulled`)[0].n
  const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 10 })
  const start = () => startProgram(FILE, { args: [database.url, String(COUNT)] })
  try {
    for (const gate of [150, 400, 700]) {
      await sql`update gate set closed_from = ${gate}`
      const victim = await start()
      let outcome: unknown
      // What was killed holds the sync until its lease is over.
      const runs = (async () => {
        do outcome = await victim.ask('run')
        while ((outcome as { status: string }).status === 'busy')
      })().catch(() => undefined)
      await until(async () => expect(await pulled()).toBe(gate))
      victim.kill()
      await runs
    }
    await sql`delete from gate`
    const last = await start()
    await until(async () => expect(await last.ask('run')).toMatchObject({ status: 'completed', changed: COUNT }))
    await last.close()
    expect(await sql`select count(*)::int as n, count(distinct id)::int as different from pulled`).toEqual([
      { n: COUNT, different: COUNT },
    ])
  } finally {
    await sql.end()
    await database.drop()
  }
}, 120_000)
