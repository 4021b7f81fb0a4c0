import { expect } from 'vitest'
import type { MigrationOutput } from './index.ts'
import type { shopTest } from './shop.contract.ts'

/** What failed, what is left of it, and what to do next, for each way in which a migration can fail. */
export function failuresContract(test: ReturnType<typeof shopTest>): void {
  test('what exists already is named, with what to do about it', async ({ shop, run }) => {
    await run()
    await shop.write('0004_again', 'create table product (id int)')
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      left: 'nothing',
      message: expect.stringMatching(/^0004_again\.sql line 1 failed: .*already exists\. It was rolled back$/),
      nextStep: expect.stringContaining('IF NOT EXISTS'),
    })
  })

  test('a statement that takes longer than it may is cancelled', async ({ shop, run, states }) => {
    await run()
    await shop.write('0004_slow', 'select pg_sleep(60)')
    const hasty = await shop.open({ statementTimeoutMs: 50 })
    await expect(hasty.up({ by: 'ada' })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      nextStep: 'It was cancelled, by a timeout or by another session.',
    })
    expect((await states()).at(-1)).toBe('0004_slow pending')
  })

  test('outside a transaction: without an INVALID index it still does not claim that nothing was left', async ({
    shop,
    run,
  }) => {
    await run()
    await shop.write('0004_reindex', 'reindex index concurrently nowhere')
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      left: 'some',
      message: expect.stringMatching(/something of it may have been left$/),
      nextStep: 'Check what REINDEX CONCURRENTLY has left before running it again.',
    })
  })

  test('a line of the journal that another session has removed rolls the rollback back', async ({
    shop,
    migrations,
    run,
    states,
    tables,
  }) => {
    await run()
    const { schema, table } = (await migrations.status()).journal
    const journal = shop.sql`${shop.sql(schema)}.${shop.sql(table)}`
    await shop.sql`create function keep() returns trigger language plpgsql as 'begin return null; end'`
    // No row is deleted then, as if another session had been first.
    await shop.sql`create trigger keep before delete on ${journal} for each row execute function keep()`
    await expect(migrations.down({ by: 'ada', to: '0002_price' })).rejects.toMatchObject({
      code: 'MIGRATION_UNRECORDED',
      left: 'all',
      message: expect.stringContaining('The journal no longer has 0003_price_index'),
    })
    await shop.sql`drop trigger keep on ${journal}`
    await shop.sql`create index product_price on product (price)`
    await migrations.down({ by: 'ada', to: '0002_price' })
    await shop.sql`create trigger keep before delete on ${journal} for each row execute function keep()`
    await expect(migrations.down({ by: 'ada', to: null })).rejects.toMatchObject({
      code: 'MIGRATION_JOURNAL',
      migration: '0002_price',
    })
    expect(await tables()).toEqual(['product'])
    expect(await states()).toEqual(['0001_product applied', '0002_price applied', '0003_price_index pending'])
  })

  test('an INVALID index is replaced in the schema that the statement names, and nowhere else', async ({
    shop,
    run,
  }) => {
    await run({ to: '0001_product' })
    await shop.sql`create schema shop`
    for (const schema of ['public', 'shop']) {
      const table = shop.sql`${shop.sql(schema)}.stock`
      await shop.sql`create table ${table} (price int)`
      await shop.sql`insert into ${table} values (1), (1)`
      await shop.sql`create unique index concurrently stock_price on ${table} (price)`.catch(() => {})
    }
    await shop.write('0004_stock', 'create index concurrently stock_price on shop.stock (price)')
    const notes: string[] = []
    await run({ onOutput: output => output.kind === 'note' && notes.push(output.message) })
    expect(notes).toEqual(['Dropped the INVALID index shop.stock_price left behind by an earlier attempt'])
    const valid = await shop.sql`
      select n.nspname, i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid
      join pg_namespace n on n.oid = c.relnamespace where c.relname = 'stock_price' order by 1`
    expect(valid).toEqual([
      { nspname: 'public', indisvalid: false },
      { nspname: 'shop', indisvalid: true },
    ])
  })

  test('it goes on when the lock is released, and reports how long it waited', async ({ shop, run, states }) => {
    await run({ to: '0001_product' })
    const held = Promise.withResolvers<void>()
    const heard = Promise.withResolvers<void>()
    const holder = shop.sql.begin(async sql => {
      await sql`lock table product in access share mode`
      held.resolve()
      await heard.promise
    })
    await held.promise
    const notes: string[] = []
    await run({
      onOutput(output) {
        if (output.kind !== 'note') return
        notes.push(output.message)
        heard.resolve()
      },
    })
    await holder
    expect(notes).toEqual([
      expect.stringMatching(/^Waiting for a lock held by /),
      expect.stringMatching(/^Continued after \d+\.\d s$/),
    ])
    expect((await states())[1]).toBe('0002_price applied')
  })

  test.for<[MigrationOutput['kind'], string]>([
    ['begun', 'pending'],
    ['executed', 'pending'],
    ['finished', 'applied'],
  ])(
    'an error of the caller while it hears that one has %s ends the run; that one is %s',
    async ([kind, state], { shop, run, states }) => {
      await run()
      await shop.write('0004_more', 'create table more (id int)')
      await shop.write('0005_last', 'create table last (id int)')
      const deaf = run({
        onOutput(output) {
          if (output.kind === kind) throw new Error('the display broke')
        },
      })
      await expect(deaf).rejects.toThrow('the display broke')
      expect((await states()).slice(3)).toEqual([`0004_more ${state}`, '0005_last pending'])
    },
  )

  test('a table that is not a journal is not taken for one', async ({ shop, run }) => {
    await shop.sql`create table theirs (id int)`
    const there = await shop.open({ journal: { schema: 'public', table: 'theirs' } })
    await expect(there.status()).rejects.toMatchObject({
      code: 'MIGRATION_JOURNAL',
      message: expect.stringContaining('public.theirs is not a journal of this kind'),
    })
    // The columns of both kinds, of other types.
    await shop.sql`
      create table alike (id int, name text, checksum text, applied_at text, applied_by text, duration_ms int, hash text, created_at json)`
    const alike = await shop.open({ journal: { schema: 'public', table: 'alike' } })
    await expect(alike.status()).rejects.toMatchObject({ code: 'DATABASE_REFUSED' })
    const reserved = await shop.open({ journal: { schema: 'pg_journal' } })
    await expect(reserved.up({ by: 'ada', createJournal: true })).rejects.toMatchObject({ code: 'DATABASE_REFUSED' })
    expect(await run()).toHaveLength(3)
  })
}
