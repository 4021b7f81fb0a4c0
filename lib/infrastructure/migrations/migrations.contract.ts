import { describe, expect, vi } from 'vitest'
import { failuresContract } from './failures.contract.ts'
import { findingsContract } from './findings.contract.ts'
import type { MigrationOutput } from './index.ts'
import { interruptionContract } from './interruption.contract.ts'
import { locksContract } from './locks.contract.ts'
import { type MigrationBench, shopTest } from './shop.contract.ts'
import { togetherContract } from './together.contract.ts'

export type { MigrationBench } from './shop.contract.ts'

/** What migrations guarantee with any kind of journal, on a real Postgres. */
export function migrationsContract(name: string, setup: () => Promise<MigrationBench>): void {
  const test = shopTest(setup)
  describe(`${name} keeps the migrations contract`, () => {
    failuresContract(test)
    findingsContract(test)
    locksContract(test)
    interruptionContract(test)
    togetherContract(test)

    test('reading writes nothing, and a first run must be allowed', async ({ shop, migrations }) => {
      await shop.sql`create table theirs (id int)`
      const before = await shop.sql`select count(*)::int from pg_class`
      expect(await migrations.status()).toMatchObject({
        journal: { exists: false },
        foreignTables: 1,
        pooled: false,
        lacks: [],
        invalidIndexes: [],
      })
      expect(await shop.sql`select count(*)::int from pg_class`).toEqual(before)
      await expect(migrations.up({ by: 'ada' })).rejects.toMatchObject({
        code: 'MIGRATION_JOURNAL',
        message: expect.stringContaining('1 table'),
      })
      expect(await shop.sql`select count(*)::int from pg_class`).toEqual(before)
    })

    test('runs all that is pending, then nothing; rolls back to a version, then everything', async ({
      shop,
      migrations,
      run,
      states,
      tables,
    }) => {
      expect((await run()).map(done => done.name)).toEqual(['0001_product', '0002_price', '0003_price_index'])
      expect(await states()).toEqual(['0001_product applied', '0002_price applied', '0003_price_index applied'])
      expect(await shop.sql`select indisvalid from pg_index where indexrelid = 'product_price'::regclass`).toEqual([
        { indisvalid: true },
      ])
      expect(await run()).toEqual([])
      const back = await migrations.down({ by: 'ada', to: '0001_product' })
      expect(back.map(done => done.name)).toEqual(['0003_price_index', '0002_price'])
      expect(await states()).toEqual(['0001_product applied', '0002_price pending', '0003_price_index pending'])
      expect(await shop.sql`select column_name from information_schema.columns where table_name = 'product'`).toEqual([
        { column_name: 'id' },
      ])
      await migrations.down({ by: 'ada', to: null })
      expect(await tables()).toEqual([])
      expect((await run({ to: '0002_price' })).map(done => done.name)).toEqual(['0001_product', '0002_price'])
    })

    test('a migration that fails half way leaves nothing, and those before it stay', async ({
      shop,
      run,
      states,
      tables,
    }) => {
      await shop.write(
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

    test('a journal line that cannot be written rolls its migration back', async ({ shop, migrations, run }) => {
      await run({ to: '0001_product' })
      const { schema, table } = (await migrations.status()).journal
      await shop.sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''full''; end'`
      await shop.sql`create trigger refuse before insert on ${shop.sql(schema)}.${shop.sql(table)} execute function refuse()`
      await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('full') })
      expect(await shop.sql`select column_name from information_schema.columns where table_name = 'product'`).toEqual([
        { column_name: 'id' },
      ])
    })

    test('reports each statement, how long it took, and the messages of Postgres', async ({ shop, run }) => {
      await shop.write('0004_loud', "do $$ begin raise notice 'half of %', 'it'; end $$; update product set price = 1")
      const heard: MigrationOutput[] = []
      await run({ to: '0003_price_index' })
      await shop.sql`insert into product values (1, 2), (2, 3)`
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

    test('settings of one migration do not affect the next', async ({ shop, run, tables }) => {
      await shop.write('0004_set', "set search_path = nowhere; set work_mem = '1MB'")
      await shop.write('0005_after', 'create table after_set (id int)')
      await run()
      expect(await tables()).toEqual(['after_set', 'product'])
    })

    test('an unknown name is refused', async ({ migrations, run }) => {
      await expect(run({ to: '0009_none' })).rejects.toMatchObject({ code: 'MIGRATION_UNKNOWN' })
      await expect(migrations.down({ by: 'ada', to: '0009_none' })).rejects.toMatchObject({ code: 'MIGRATION_UNKNOWN' })
    })

    test.for([
      ['begin; create table x (id int); commit;', 'contains BEGIN'],
      ['create table x (id int); create index concurrently on x (id);', 'a migration of its own'],
    ] as const)(
      '%s refuses itself: those before it are run, those after it are not',
      async ([sql, why], { shop, run, tables, states }) => {
        await shop.write('0002_price', sql)
        await expect(run()).rejects.toMatchObject({
          code: 'MIGRATION_UNRUNNABLE',
          migration: '0002_price',
          message: expect.stringContaining(why),
          done: [{ name: '0001_product' }],
        })
        expect(await tables()).toEqual(['product'])
        expect(await states()).toEqual(['0001_product applied', '0002_price pending', '0003_price_index pending'])
        await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_UNRUNNABLE', done: [] })
      },
    )

    test('the plan is passed to the caller under the lock, who may refuse it before anything is changed', async ({
      migrations,
      run,
      tables,
    }) => {
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

    test('concurrent readings share one connection, also after the one before broke', async ({ shop, migrations }) => {
      const readers = () =>
        shop.sql`select pid from pg_stat_activity where application_name = 'substation-migrations' and datname = current_database()`
      await Promise.all([migrations.status(), migrations.status(), migrations.status()])
      expect(await readers()).toHaveLength(1)
      await shop.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'substation-migrations' and datname = current_database()`
      await vi.waitFor(async () => {
        expect(await readers()).toHaveLength(0)
        await Promise.all([migrations.status(), migrations.status()])
      })
      expect(await readers()).toHaveLength(1)
      await migrations.close()
      await vi.waitFor(async () => expect(await readers()).toHaveLength(0))
    })
  })
}
