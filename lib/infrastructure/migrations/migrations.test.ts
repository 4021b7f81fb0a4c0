import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import { drizzle as newerDrizzle } from 'drizzle-orm-1/postgres-js'
import { migrate as newerMigrate } from 'drizzle-orm-1/postgres-js/migrator'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { migrationBench } from '../testing/migration-bench.ts'
import { createDatabase } from '../testing/servers.ts'
import { type MigrationsSettings, remarksAbout } from './index.ts'
import { type MigrationBench, migrationsContract } from './migrations.contract.ts'

migrationsContract('a folder of files', async () => migrationBench('folder', await createDatabase()))
migrationsContract("drizzle's journal", async () => migrationBench('drizzle', await createDatabase()))

describe("beside drizzle's own migrator", () => {
  let bench: MigrationBench
  beforeEach(async () => {
    bench = await migrationBench('drizzle', await createDatabase())
    await bench.write(
      '0000_one',
      'create table one (id int);\n--> statement-breakpoint\ncreate table two (id int);',
      'drop table one, two',
    )
    await bench.write('0001_three', 'create table three (id int)', 'drop table three')
  })
  afterEach(() => bench.close())

  const drizzles = async () => {
    const sql = postgres(bench.url, { max: 1, onnotice: () => {} })
    await migrate(drizzle(sql), { migrationsFolder: bench.folder })
    await sql.end()
  }
  const rows = () => bench.sql`select hash, created_at from drizzle.__drizzle_migrations order by id`
  const states = async () => (await (await bench.open()).status()).migrations.map(entry => entry.state)

  test('what it has run is applied here, with equal checksums', async () => {
    await drizzles()
    const theirs = await rows()
    expect(await states()).toEqual(['applied', 'applied'])
    const migrations = await bench.open()
    await migrations.down({ by: 'ada', to: null })
    expect(await rows()).toEqual([])
    await migrations.up({ by: 'ada' })
    expect(await rows()).toEqual(theirs)
  })

  test('it recognises what was run or rolled back here', async () => {
    const migrations = await bench.open()
    await migrations.up({ by: 'ada', createJournal: true, to: '0000_one' })
    // It would fail on `create table one` if it did not regard it as applied.
    await drizzles()
    expect(await states()).toEqual(['applied', 'applied'])
    await migrations.down({ by: 'ada', to: '0000_one' })
    await drizzles()
    expect(await bench.sql`select count(*)::int from three`).toEqual([{ count: 0 }])
    expect(await rows()).toHaveLength(2)
  })

  test('one that is stamped before an applied one: drizzle passes over it in silence, which is told, and here it is run', async () => {
    const journal = JSON.parse(await readFile(join(bench.folder, 'meta', '_journal.json'), 'utf8'))
    await drizzles()
    const entry = { idx: 2, when: journal.entries[1].when - 500, tag: '0002_early', version: '7', breakpoints: true }
    await writeFile(join(bench.folder, '0002_early.sql'), 'create table early (id int)')
    await writeFile(
      join(bench.folder, 'meta', '_journal.json'),
      JSON.stringify({ ...journal, entries: [...journal.entries, entry] }),
    )
    await drizzles()
    expect(await bench.sql`select to_regclass('early') as early`).toEqual([{ early: null }])
    const migrations = await bench.open()
    const { migrations: entries } = await migrations.status()
    expect(entries[2]).toMatchObject({ state: 'pending', outOfOrder: false, passedOverBy: '0001_three' })
    expect(remarksAbout(entries)).toEqual([expect.stringContaining('would pass over 0002_early in silence')])
    expect(await migrations.up({ by: 'ada' })).toMatchObject([{ name: '0002_early' }])
    expect(await bench.sql`select to_regclass('early')::text as early`).toEqual([{ early: 'early' }])
  })

  test('a journal of another name is read where it is', async () => {
    const sql = postgres(bench.url, { max: 1, onnotice: () => {} })
    await migrate(drizzle(sql), {
      migrationsFolder: bench.folder,
      migrationsSchema: 'app',
      migrationsTable: 'migration',
    })
    await sql.end()
    const named = await bench.open({ journal: { schema: 'app', table: 'migration' } })
    expect((await named.status()).migrations.map(entry => entry.state)).toEqual(['applied', 'applied'])
  })
})

describe("beside drizzle's newer migrator, with a folder for each migration", () => {
  let bench: MigrationBench
  const add = async (name: string, up: string, down?: string) => {
    await mkdir(join(bench.folder, name))
    await writeFile(join(bench.folder, name, 'migration.sql'), up)
    if (down) await writeFile(join(bench.folder, name, 'down.sql'), down)
  }
  beforeEach(async () => {
    bench = await migrationBench('folder', await createDatabase())
    await add(
      '20260131120000_one',
      'create table one (id int);\n--> statement-breakpoint\ncreate table two (id int);',
      'drop table one, two',
    )
    await add('20260201120000_three', 'create table three (id int)', 'drop table three')
  })
  afterEach(() => bench.close())

  const drizzles = async () => {
    const sql = postgres(bench.url, { max: 1, onnotice: () => {} })
    await newerMigrate(newerDrizzle({ client: sql }), { migrationsFolder: bench.folder })
    await sql.end()
  }
  const rows = () => bench.sql`select hash, created_at, name from drizzle.__drizzle_migrations order by id`
  const states = async () => (await (await bench.open()).status()).migrations.map(entry => entry.state)

  test('what it has run is applied here, and run here again the journal is the same', async () => {
    await drizzles()
    const theirs = await rows()
    expect(theirs.map(({ name }) => name)).toEqual(['20260131120000_one', '20260201120000_three'])
    expect(await states()).toEqual(['applied', 'applied'])
    const migrations = await bench.open()
    await migrations.down({ by: 'ada', to: null })
    expect(await states()).toEqual(['pending', 'pending'])
    await migrations.up({ by: 'ada' })
    expect(await rows()).toEqual(theirs)
  })

  test('it recognises what was run here, also one that is stamped before an applied one', async () => {
    const migrations = await bench.open()
    await migrations.up({ by: 'ada', createJournal: true })
    await add('20260115120000_late', 'create table late (id int)')
    expect((await migrations.status()).migrations[0]).toMatchObject({ state: 'pending', outOfOrder: true })
    expect((await migrations.status()).migrations[0]).not.toHaveProperty('passedOverBy')
    // It would fail on `create table one` if it did not regard it as applied.
    await drizzles()
    expect(await states()).toEqual(['applied', 'applied', 'applied'])
  })

  test('a journal of an older drizzle is understood, continued, and upgraded by drizzle itself', async () => {
    await bench.sql.unsafe(`create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
      create table one (id int); create table two (id int)`)
    const [first] = (await (await bench.open()).status()).migrations
    await bench.sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${first?.file?.up.checksum ?? ''}, ${Date.UTC(2026, 0, 31, 12) + 417})`
    expect(await states()).toEqual(['applied', 'pending'])
    await (await bench.open()).up({ by: 'ada' })
    expect(await states()).toEqual(['applied', 'applied'])
    await drizzles()
    expect((await rows()).map(({ name }) => name)).toEqual(['20260131120000_one', '20260201120000_three'])
    expect(await states()).toEqual(['applied', 'applied'])
  })
})

describe('an account without rights', () => {
  let bench: MigrationBench
  let account: string
  beforeEach(async () => {
    bench = await migrationBench('folder', await createDatabase())
    account = `guest_${Math.random().toString(36).slice(2)}`
    await bench.sql.unsafe(`create role ${account} login password 'guest'; create table product (id int)`)
    await bench.write('0001_price', 'alter table product add column price int', 'alter table product drop column price')
  })
  afterEach(async () => {
    await bench.sql.unsafe(`drop owned by ${account}; drop role ${account}`)
    await bench.close()
  })
  const asGuest = (settings: Partial<MigrationsSettings> = {}) => {
    const url = new URL(bench.url)
    url.username = account
    url.password = 'guest'
    return bench.open({ url: url.href, ...settings })
  }

  test('gets the grants it lacks, and is refused by Postgres with nothing left', async () => {
    const guest = await asGuest()
    const { lacks } = await guest.status()
    expect(lacks.map(({ grant }) => grant)).toEqual([
      expect.stringMatching(/^GRANT CREATE ON DATABASE test_\w+ TO guest_\w+;$/),
      expect.stringMatching(/^GRANT postgres TO guest_\w+;$/),
    ])
    await expect(guest.up({ by: 'eve', createJournal: true })).rejects.toMatchObject({
      code: 'MIGRATION_DENIED',
      nextStep: expect.stringContaining('GRANT CREATE ON DATABASE'),
    })
    expect(await bench.sql`select from pg_namespace where nspname = 'substation_migrations'`).toHaveLength(0)
    await bench.sql.unsafe(
      `create schema substation_migrations; grant all on schema substation_migrations to ${account}`,
    )
    await expect(guest.up({ by: 'eve', createJournal: true })).rejects.toMatchObject({
      code: 'MIGRATION_DENIED',
      message: expect.stringContaining('must be owner of table product'),
    })
  })

  test('is told who holds a lock without what Postgres hides from it: since when, from where, in which state', async () => {
    await bench.sql.unsafe(
      `alter table product owner to ${account}; grant create on database ${new URL(bench.url).pathname.slice(1)} to ${account}`,
    )
    const guest = await asGuest()
    await guest.up({ by: 'eve', createJournal: true, to: '0001_price' })
    await bench.write('0002_slow', 'select pg_sleep(60)')
    const aborter = new AbortController()
    const running = (await bench.open()).up({ by: 'ada', signal: aborter.signal }).catch(error => error)
    const { lock } = await vi.waitFor(async () => {
      const status = await guest.status()
      expect(status.lock).toBeDefined()
      return status
    })
    expect(lock).toEqual({ pid: expect.any(Number), application: 'substation-migrations ada', account: 'postgres' })
    aborter.abort()
    await running
    await bench.remove('0002_slow')
    const notes: string[] = []
    const blocked = await bench.sql.begin(async holder => {
      await holder`lock table product in access share mode`
      await holder`set local application_name = ''`
      const impatient = await asGuest({ lockTimeoutMs: 1_500, lockAttempts: 1 })
      return impatient
        .down({ by: 'eve', to: null, onOutput: output => output.kind === 'note' && notes.push(output.message) })
        .catch(error => error)
    })
    expect(blocked).toMatchObject({ code: 'MIGRATION_FAILED' })
    expect(notes).toEqual([expect.stringMatching(/^Waiting for a lock held by postgres \(pid \d+\)$/)])
  })

  test('gets grants with names quoted where SQL needs it', async () => {
    const owner = `Odd ${account}`
    await bench.sql.unsafe(`create role "${owner}"; create table "Odd" (id int); alter table "Odd" owner to "${owner}"`)
    await bench.write('0002_odd', 'alter table "Odd" add column price int')
    expect((await (await asGuest()).status()).lacks.map(({ grant }) => grant)).toContain(
      `GRANT "${owner}" TO ${account};`,
    )
    await bench.sql.unsafe(`drop table "Odd"; drop role "${owner}"`)
  })

  test("may read drizzle's journal and not write it: its sequence is named too", async () => {
    const theirs = await migrationBench('drizzle', await createDatabase())
    await theirs.write('0000_one', 'create table one (id int)')
    await (await theirs.open()).up({ by: 'ada', createJournal: true })
    await theirs.sql.unsafe(
      `grant usage on schema drizzle to ${account}; grant select on all tables in schema drizzle to ${account}`,
    )
    const url = new URL(theirs.url)
    url.username = account
    url.password = 'guest'
    const { lacks } = await (await theirs.open({ url: url.href })).status()
    expect(lacks.map(({ right }) => right)).toEqual([
      'INSERT, DELETE on the journal drizzle.__drizzle_migrations',
      "USAGE on the journal's sequence",
    ])
    await theirs.sql.unsafe(`drop owned by ${account}`)
    await theirs.close()
  })

  test('that may not read the journal gets that error, not an empty journal', async () => {
    await (await bench.open()).up({ by: 'ada', createJournal: true })
    await expect((await asGuest()).status()).rejects.toMatchObject({
      code: 'MIGRATION_DENIED',
      nextStep: expect.stringContaining('GRANT SELECT, INSERT, DELETE ON substation_migrations.journal'),
    })
  })
})
