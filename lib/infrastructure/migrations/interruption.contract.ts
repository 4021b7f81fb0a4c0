import { expect, vi } from 'vitest'
import type { shopTest } from './shop.contract.ts'

/** Aborted, killed or failed in the middle: nothing is left of it, or what may be left is reported. */
export function interruptionContract(test: ReturnType<typeof shopTest>): void {
  test('aborting cancels the statement under way and leaves nothing', async ({ shop, migrations, run, tables }) => {
    await run()
    await shop.write('0004_slow', 'create table slow (id int); select pg_sleep(60)', 'drop table slow')
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
      await shop.sql`select pid from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()`,
    ).toEqual([])
  })

  test('a backend that is ended in the middle leaves nothing', async ({ shop, run, states, tables }) => {
    await run()
    await shop.write('0004_slow', 'create table slow (id int); select pg_sleep(60)')
    const running = run({
      onOutput: output =>
        output.kind === 'statement' &&
        output.index === 1 &&
        void shop.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'substation-migrations ada' and datname = current_database()`.execute(),
    })
    await expect(running).rejects.toMatchObject({ code: 'MIGRATION_FAILED', migration: '0004_slow' })
    expect(await tables()).toEqual(['product'])
    expect((await states()).at(-1)).toBe('0004_slow pending')
  })

  test('an index build that fails leaves no INVALID index, and one left behind is reported and replaced', async ({
    shop,
    migrations,
    run,
  }) => {
    await run({ to: '0002_price' })
    await shop.sql`insert into product values (1, 1), (2, 1)`
    // What a failed attempt of another tool leaves.
    await shop.sql`create unique index concurrently product_price on product (price)`.catch(() => {})
    expect((await migrations.status()).invalidIndexes).toEqual([
      { schema: 'public', name: 'product_price', table: 'product', building: false },
    ])
    const notes: string[] = []
    await run({ onOutput: output => output.kind === 'note' && notes.push(output.message) })
    expect(notes).toEqual(['Dropped the INVALID index public.product_price left behind by an earlier attempt'])
    expect((await migrations.status()).invalidIndexes).toEqual([])
    await shop.write('0004_unique', 'create unique index concurrently product_once on product (price)')
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('could not create unique index') })
    expect((await migrations.status()).invalidIndexes).toEqual([])
  })

  test('outside a transaction: what was done but could not be recorded is reported as that', async ({
    shop,
    migrations,
    run,
  }) => {
    await run({ to: '0002_price' })
    const { schema, table } = (await migrations.status()).journal
    const journal = shop.sql`${shop.sql(schema)}.${shop.sql(table)}`
    await shop.sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''full''; end'`
    await shop.sql`create trigger refuse before insert or delete on ${journal} execute function refuse()`
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_UNRECORDED',
      migration: '0003_price_index',
      left: 'all',
      message: '0003_price_index.sql was done, but its line in the journal could not be written: full',
    })
    const built = () => shop.sql`select indisvalid from pg_index where indexrelid = to_regclass('product_price')`
    expect(await built()).toEqual([{ indisvalid: true }])
    await shop.sql`drop trigger refuse on ${journal}`
    await shop.sql`drop index product_price`
    await run()
    await shop.sql`create trigger refuse before delete on ${journal} execute function refuse()`
    await expect(migrations.down({ by: 'ada', to: '0002_price' })).rejects.toMatchObject({
      code: 'MIGRATION_UNRECORDED',
      message: expect.stringContaining('could not be removed: full'),
    })
    expect(await built()).toEqual([])
  })

  test('outside a transaction: one that is aborted, or whose connection breaks, does not claim that nothing was left', async ({
    shop,
    migrations,
    run,
  }) => {
    await run()
    const dropping = (signal?: AbortSignal) =>
      migrations.down({ by: 'ada', to: '0002_price', ...(signal ? { signal } : {}) }).catch(error => error)
    // It marks the index as unusable, then waits for transactions that may still use it.
    const invalid = () =>
      vi.waitFor(async () =>
        expect((await migrations.status()).invalidIndexes.map(index => index.name)).toEqual(['product_price']),
      )
    const aborter = new AbortController()
    const aborted = await shop.sql.begin(async reader => {
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
    await shop.sql`reindex index product_price`
    const broken = await shop.sql.begin(async reader => {
      await reader`select from product`
      const error = dropping()
      await invalid()
      await shop.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'substation-migrations ada' and datname = current_database()`
      return error
    })
    expect(broken).toMatchObject({
      code: 'MIGRATION_FAILED',
      left: 'unknown',
      nextStep: expect.stringContaining('INVALID'),
    })
  })
}
