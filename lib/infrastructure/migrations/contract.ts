import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createMigrations, type MigrationOutput, type Migrations, type MigrationsSettings } from './index.ts'

/** A database of the test's own with a folder of migrations beside it. */
export interface MigrationBench {
  url: string
  folder: string
  /** For looking at what was done. */
  sql: postgres.Sql
  /** Writes a migration and its way back. drizzle's journal is kept in step. */
  write(name: string, up: string, down?: string): Promise<void>
  remove(name: string): Promise<void>
  open(settings?: Partial<MigrationsSettings>): Promise<Migrations>
  close(): Promise<void>
}

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

/** What migrations promise, whichever journal they are kept in, on a real Postgres. */
export function migrationsContract(name: string, setup: () => Promise<MigrationBench>): void {
  describe(`${name} keeps the migrations contract`, () => {
    let bench: MigrationBench
    let migrations: Migrations
    beforeEach(async () => {
      bench = await setup()
      migrations = await bench.open()
      await bench.write('0001_product', 'create table product (id int primary key);', 'drop table product;')
      await bench.write(
        '0002_price',
        'alter table product add column price int;\n--> statement-breakpoint\nupdate product set price = 0;',
        'alter table product drop column price;',
      )
      await bench.write(
        '0003_price_index',
        'create index concurrently product_price on product (price);',
        'drop index concurrently product_price;',
      )
    })
    afterEach(() => bench.close())

    const run = (options: Partial<Parameters<Migrations['up']>[0]> = {}) =>
      migrations.up({ by: 'ada', createJournal: true, ...options })
    const states = async () => (await migrations.status()).migrations.map(entry => `${entry.name} ${entry.state}`)
    const tables = async () =>
      (await bench.sql`select tablename from pg_tables where schemaname = 'public' order by 1`).map(
        row => row.tablename,
      )

    test('looking writes nothing, and a first run must be asked for', async () => {
      await bench.sql`create table theirs (id int)`
      const before = await bench.sql`select count(*)::int from pg_class`
      expect(await migrations.status()).toMatchObject({
        journal: { exists: false },
        foreignTables: 1,
        pooled: false,
        lacks: [],
        invalidIndexes: [],
      })
      expect(await bench.sql`select count(*)::int from pg_class`).toEqual(before)
      await expect(migrations.up({ by: 'ada' })).rejects.toMatchObject({
        code: 'MIGRATION_JOURNAL',
        message: expect.stringContaining('1 table'),
      })
      expect(await bench.sql`select count(*)::int from pg_class`).toEqual(before)
    })

    test('runs all that is pending, then nothing; rolls back to a version, then everything', async () => {
      expect((await run()).map(done => done.name)).toEqual(['0001_product', '0002_price', '0003_price_index'])
      expect(await states()).toEqual(['0001_product applied', '0002_price applied', '0003_price_index applied'])
      expect(await bench.sql`select indisvalid from pg_index where indexrelid = 'product_price'::regclass`).toEqual([
        { indisvalid: true },
      ])
      expect(await run()).toEqual([])
      const back = await migrations.down({ by: 'ada', to: '0001_product' })
      expect(back.map(done => done.name)).toEqual(['0003_price_index', '0002_price'])
      expect(await states()).toEqual(['0001_product applied', '0002_price pending', '0003_price_index pending'])
      expect(await bench.sql`select column_name from information_schema.columns where table_name = 'product'`).toEqual([
        { column_name: 'id' },
      ])
      await migrations.down({ by: 'ada', to: null })
      expect(await tables()).toEqual([])
      expect((await run({ to: '0002_price' })).map(done => done.name)).toEqual(['0001_product', '0002_price'])
    })

    test('a migration that fails half way leaves nothing, and those before it stay', async () => {
      await bench.write(
        '0004_half',
        'create table half (id int);\n\nupdate product\n  set nowhere = 1;',
        'drop table half',
      )
      const error = await run().catch(failed => failed)
      expect(error).toMatchObject({
        code: 'MIGRATION_FAILED',
        migration: '0004_half',
        message: expect.stringMatching(/^0004_half\.sql line 4 failed: column "nowhere"/),
        done: [{ name: '0001_product' }, { name: '0002_price' }, { name: '0003_price_index' }],
      })
      expect(await tables()).toEqual(['product'])
      expect((await states()).at(-1)).toBe('0004_half pending')
    })

    test('a journal line that cannot be written takes its migration with it', async () => {
      await run({ to: '0001_product' })
      const { schema, table } = (await migrations.status()).journal
      await bench.sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''full''; end'`
      await bench.sql`create trigger refuse before insert on ${bench.sql(schema)}.${bench.sql(table)} execute function refuse()`
      await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('full') })
      expect(await bench.sql`select column_name from information_schema.columns where table_name = 'product'`).toEqual([
        { column_name: 'id' },
      ])
    })

    test('tells each statement, how long it took, and what Postgres said', async () => {
      await bench.write('0004_loud', "do $$ begin raise notice 'half of %', 'it'; end $$; update product set price = 1")
      const heard: MigrationOutput[] = []
      await run({ to: '0003_price_index' })
      await bench.sql`insert into product values (1, 2), (2, 3)`
      await run({ onOutput: output => heard.push(output) })
      expect(heard).toMatchObject([
        { kind: 'begun', migration: '0004_loud', statements: 2 },
        { kind: 'statement', index: 0, of: 2 },
        { kind: 'notice', severity: 'NOTICE', message: 'half of it' },
        { kind: 'executed', index: 0, durationMs: expect.any(Number) },
        { kind: 'statement', index: 1, statement: { verb: 'UPDATE' } },
        { kind: 'executed', index: 1, rows: 2 },
        { kind: 'finished', durationMs: expect.any(Number) },
      ])
    })

    test('aborting cancels the statement under way and leaves nothing', async () => {
      await run()
      await bench.write('0004_slow', 'create table slow (id int); select pg_sleep(60)', 'drop table slow')
      const aborter = new AbortController()
      const running = run({
        signal: aborter.signal,
        onOutput: output => output.kind === 'statement' && output.index === 1 && aborter.abort(new Error('by ada')),
      })
      await expect(running).rejects.toMatchObject({
        code: 'MIGRATION_ABORTED',
        message: expect.stringContaining('by ada'),
      })
      expect(await tables()).toEqual(['product'])
      expect((await migrations.status()).lock).toBeUndefined()
      expect(
        await bench.sql`select pid from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()`,
      ).toEqual([])
    })

    test('two runners at once: the second is refused with the owner, or waits its turn', async () => {
      await run()
      await bench.write('0004_slow', 'create table slow (id int); select pg_sleep(1.2)')
      const second = await bench.open()
      const first = run()
      await vi.waitFor(async () =>
        expect((await second.status()).lock).toMatchObject({
          pid: expect.any(Number),
          application: 'substation-migrations ada',
          since: expect.any(Number),
        }),
      )
      await expect(second.up({ by: 'bob' })).rejects.toMatchObject({
        code: 'MIGRATION_LOCKED',
        message: expect.stringMatching(/ada \(pid \d+, for \d+ s\)/),
        owner: { application: 'substation-migrations ada' },
      })
      expect(await second.up({ by: 'bob', waitMs: 20_000 })).toEqual([])
      expect(await first).toHaveLength(1)
    })

    test('one that waits for the lock does not hold up CREATE INDEX CONCURRENTLY', async () => {
      await run({ to: '0002_price' })
      await bench.sql
        .begin(async old => {
          // A writer keeps the build from ending while the second runner asks for the lock.
          await old`insert into product (id) values (99)`
          const first = run()
          const second = await bench.open()
          await vi.waitFor(async () => expect((await second.status()).lock).toBeDefined())
          const waiting = second.up({ by: 'bob', waitMs: 20_000 })
          await vi.waitFor(async () =>
            expect(
              await bench.sql`select from pg_stat_activity where application_name = 'substation-migrations bob' and query like '%advisory%'`,
            ).toHaveLength(1),
          )
          return { first, waiting }
        })
        .then(async ({ first, waiting }) => {
          expect(await first).toHaveLength(1)
          expect(await waiting).toEqual([])
        })
    })

    test('an index build that fails leaves no INVALID index, and one left behind is told and replaced', async () => {
      await run({ to: '0002_price' })
      await bench.sql`insert into product values (1, 1), (2, 1)`
      // What an attempt of somebody else's leaves.
      await bench.sql`create unique index concurrently product_price on product (price)`.catch(() => {})
      expect((await migrations.status()).invalidIndexes).toEqual([
        { schema: 'public', name: 'product_price', table: 'product', building: false },
      ])
      const notes: string[] = []
      await run({ onOutput: output => output.kind === 'note' && notes.push(output.message) })
      expect(notes).toEqual(['Dropped the INVALID index public.product_price left behind by an earlier attempt'])
      expect((await migrations.status()).invalidIndexes).toEqual([])
      await bench.write('0004_unique', 'create unique index concurrently product_once on product (price)')
      await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('could not create unique index') })
      expect((await migrations.status()).invalidIndexes).toEqual([])
    })

    test('a file changed since is told, and run past only when that is said', async () => {
      await run({ to: '0002_price' })
      await bench.write('0002_price', 'alter table product add column price bigint;')
      expect(await states()).toEqual(['0001_product applied', '0002_price drifted', '0003_price_index pending'])
      await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FINDINGS', migration: '0002_price' })
      expect(await run({ despite: ['drifted'] })).toMatchObject([{ name: '0003_price_index' }])
    })

    test('a file that is gone is told, and cannot be rolled back', async () => {
      await run()
      await bench.remove('0002_price')
      expect((await migrations.status()).migrations.map(entry => entry.state)).toEqual([
        'applied',
        'missing',
        'applied',
      ])
      await expect(migrations.down({ by: 'ada', to: '0001_product' })).rejects.toMatchObject({
        code: 'MIGRATION_UNRUNNABLE',
        message: expect.stringContaining('is gone'),
      })
      expect(
        await migrations.down({ by: 'ada', to: (await migrations.status()).migrations[1]?.name ?? '' }),
      ).toHaveLength(1)
    })

    test('one that comes late is told as out of order, and run only when that is said', async () => {
      await bench.remove('0002_price')
      await bench.write('0003_price_index', 'create index on product (id)')
      await run()
      await bench.write('0002_late', 'create table late (id int)')
      expect((await migrations.status()).migrations[1]).toMatchObject({
        name: '0002_late',
        state: 'pending',
        outOfOrder: true,
      })
      await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_FINDINGS', migration: '0002_late' })
      expect(await run({ despite: ['out-of-order'] })).toHaveLength(1)
      expect((await migrations.status()).migrations.map(entry => entry.state)).toEqual([
        'applied',
        'applied',
        'applied',
      ])
    })

    test('without its way back nothing is rolled back, not even what comes after', async () => {
      await bench.write('0002_price', 'alter table product add column price int')
      await bench.remove('0002_price')
      await bench.write('0002_price', 'alter table product add column price int')
      await run()
      await expect(migrations.down({ by: 'ada', to: null })).rejects.toMatchObject({
        code: 'MIGRATION_UNRUNNABLE',
        message: '0002_price has no way back: there is no 0002_price.down.sql',
      })
      expect((await states()).at(-1)).toBe('0003_price_index applied')
    })

    test.each([
      ['begin; create table x (id int); commit;', 'holds BEGIN'],
      ['create table x (id int); create index concurrently on x (id);', 'a migration of its own'],
    ])('%s is refused before anything runs', async (sql, why) => {
      await bench.write('0004_odd', sql)
      await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_UNRUNNABLE', message: expect.stringContaining(why) })
      expect(await tables()).toEqual([])
    })

    test('a lock that another session keeps ends it in time, and who keeps it is told meanwhile', async () => {
      await run({ to: '0001_product' })
      const impatient = await bench.open({ lockTimeoutMs: 1_600 })
      const notes: string[] = []
      const blocked = bench.sql.begin(async holder => {
        await holder`lock table product in access share mode`
        return impatient
          .up({ by: 'ada', onOutput: output => output.kind === 'note' && notes.push(output.message) })
          .catch(error => error)
      })
      expect(await blocked).toMatchObject({
        code: 'MIGRATION_FAILED',
        nextStep: expect.stringContaining('1.6 s'),
      })
      expect(notes[0]).toMatch(/^Waiting for a lock that .*pid \d+, idle in transaction/)
      expect((await states())[1]).toBe('0002_price pending')
    })

    test('what one migration sets does not reach the next', async () => {
      await bench.write('0004_set', "set search_path = nowhere; set work_mem = '1MB'")
      await bench.write('0005_after', 'create table after_set (id int)')
      await run()
      expect(await tables()).toEqual(['after_set', 'product'])
    })

    test('a name that is not there is refused', async () => {
      await expect(run({ to: '0009_none' })).rejects.toMatchObject({ code: 'MIGRATION_UNKNOWN' })
      await expect(migrations.down({ by: 'ada', to: '0009_none' })).rejects.toMatchObject({ code: 'MIGRATION_UNKNOWN' })
    })

    test('outside a transaction: what was done and could not be recorded is told as just that', async () => {
      await run({ to: '0002_price' })
      const { schema, table } = (await migrations.status()).journal
      const journal = bench.sql`${bench.sql(schema)}.${bench.sql(table)}`
      await bench.sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''full''; end'`
      await bench.sql`create trigger refuse before insert or delete on ${journal} execute function refuse()`
      await expect(run()).rejects.toMatchObject({
        code: 'MIGRATION_UNRECORDED',
        migration: '0003_price_index',
        left: 'all',
        message: '0003_price_index.sql was done, but its line in the journal could not be written: full',
      })
      const built = () => bench.sql`select indisvalid from pg_index where indexrelid = to_regclass('product_price')`
      expect(await built()).toEqual([{ indisvalid: true }])
      await bench.sql`drop trigger refuse on ${journal}`
      await bench.sql`drop index product_price`
      await run()
      await bench.sql`create trigger refuse before delete on ${journal} execute function refuse()`
      await expect(migrations.down({ by: 'ada', to: '0002_price' })).rejects.toMatchObject({
        code: 'MIGRATION_UNRECORDED',
        message: expect.stringContaining('could not be removed: full'),
      })
      expect(await built()).toEqual([])
    })

    test('outside a transaction: one that is aborted, or whose connection breaks, does not claim that nothing was left', async () => {
      await run()
      const dropping = (signal?: AbortSignal) =>
        migrations.down({ by: 'ada', to: '0002_price', ...(signal ? { signal } : {}) }).catch(error => error)
      // It marks the index as not to be used, then waits for those that may still use it.
      const invalid = () =>
        vi.waitFor(async () =>
          expect((await migrations.status()).invalidIndexes.map(index => index.name)).toEqual(['product_price']),
        )
      const aborter = new AbortController()
      const aborted = await bench.sql.begin(async reader => {
        await reader`select from product`
        const error = dropping(aborter.signal)
        await invalid()
        aborter.abort(new Error('by ada'))
        return error
      })
      expect(aborted).toMatchObject({
        code: 'MIGRATION_ABORTED',
        left: 'some',
        message: expect.stringMatching(
          /by ada\. It runs outside a transaction, so something of it may have been left\. INVALID here: public\.product_price$/,
        ),
      })
      await bench.sql`reindex index product_price`
      const broken = await bench.sql.begin(async reader => {
        await reader`select from product`
        const error = dropping()
        await invalid()
        await bench.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'substation-migrations ada' and datname = current_database()`
        return error
      })
      expect(broken).toMatchObject({
        code: 'MIGRATION_FAILED',
        left: 'unknown',
        nextStep: expect.stringContaining('INVALID'),
      })
    })

    test('what is about to be run is shown under the lock, and may be refused before anything is touched', async () => {
      const seen: string[] = []
      const refused = run({
        confirm(plan) {
          seen.push(...plan.map(entry => entry.name))
          throw new Error('not that')
        },
      })
      await expect(refused).rejects.toThrow('not that')
      expect(seen).toEqual(['0001_product', '0002_price', '0003_price_index'])
      expect(await tables()).toEqual([])
      expect((await migrations.status()).journal.exists).toBe(false)
    })

    test('readings at once share one connection, also when the one before broke', async () => {
      const readers = () =>
        bench.sql`select pid from pg_stat_activity where application_name = 'substation-migrations' and datname = current_database()`
      await Promise.all([migrations.status(), migrations.status(), migrations.status()])
      expect(await readers()).toHaveLength(1)
      await bench.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'substation-migrations' and datname = current_database()`
      await vi.waitFor(async () => {
        expect(await readers()).toHaveLength(0)
        await Promise.all([migrations.status(), migrations.status()])
      })
      expect(await readers()).toHaveLength(1)
      await migrations.close()
      await vi.waitFor(async () => expect(await readers()).toHaveLength(0))
    })

    test('a backend that is ended in the middle leaves nothing', async () => {
      await run()
      await bench.write('0004_slow', 'create table slow (id int); select pg_sleep(60)')
      const running = run({
        onOutput: output =>
          output.kind === 'statement' &&
          output.index === 1 &&
          void bench.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'substation-migrations ada' and datname = current_database()`.execute(),
      })
      await expect(running).rejects.toMatchObject({ code: 'MIGRATION_FAILED', migration: '0004_slow' })
      expect(await tables()).toEqual(['product'])
      expect((await states()).at(-1)).toBe('0004_slow pending')
    })
  })
}
