import { expect } from 'vitest'
import type { MigrationBench, shopTest } from './shop.contract.ts'

/** All in one transaction, dry runs, and baselines. */
export function togetherContract(test: ReturnType<typeof shopTest>): void {
  const enums = async (shop: MigrationBench) => {
    for (const name of ['0001_product', '0002_price', '0003_price_index']) await shop.remove(name)
    await shop.write('0001_mood', "create type mood as enum ('ok')")
    await shop.write('0002_low', "alter type mood add value 'low';\ncreate table felt (m mood default 'low')")
  }

  test('a value that is added to an enum and used in one file: told before, fails one by one, runs in one transaction', async ({
    shop,
    migrations,
    run,
    states,
    tables,
  }) => {
    await enums(shop)
    expect((await migrations.status()).migrations[1]?.file?.up.enumTrap).toEqual({
      type: 'mood',
      value: 'low',
      addedIn: 1,
      usedIn: 2,
    })
    await expect(run()).rejects.toMatchObject({
      migration: '0002_low',
      done: [{ name: '0001_mood' }],
      nextStep: expect.stringContaining('run all in one transaction'),
    })
    await shop.sql`truncate ${journalOf(shop, await migrations.status())}`
    await shop.sql`drop type mood`
    expect((await run({ together: true })).map(({ name }) => name)).toEqual(['0001_mood', '0002_low'])
    expect(await states()).toEqual(['0001_mood applied', '0002_low applied'])
    expect(await tables()).toEqual(['felt'])
  })

  test('all in one transaction: what fails leaves nothing of any, and what must run outside one is refused', async ({
    shop,
    run,
    states,
    tables,
  }) => {
    await expect(run({ together: true })).rejects.toMatchObject({
      code: 'MIGRATION_UNRUNNABLE',
      migration: '0003_price_index',
    })
    expect(await tables()).toEqual([])
    await shop.remove('0003_price_index')
    await shop.write('0003_bad', 'create table bad (id int); select 1 / 0')
    const heard: string[] = []
    await expect(
      run({ together: true, onOutput: ({ kind, migration }) => heard.push(`${kind} ${migration}`) }),
    ).rejects.toMatchObject({ code: 'MIGRATION_FAILED', migration: '0003_bad', left: 'nothing', done: [] })
    expect(heard.at(-1)).toBe('failed 0003_bad')
    expect(heard.filter(line => line.startsWith('finished'))).toEqual([])
    expect(await tables()).toEqual([])
    expect(await states()).toEqual(['0001_product pending', '0002_price pending', '0003_bad pending'])
  })

  test('settings of one do not reach the next, also in one transaction and in a dry run', async ({
    shop,
    migrations,
    run,
    tables,
  }) => {
    await shop.remove('0003_price_index')
    await shop.write('0003_set', "select set_config('search_path', '', false); set work_mem = '1MB'; set role none")
    await shop.write('0004_after', 'create table after_set (id int)')
    expect((await migrations.dryRun({ by: 'ada' })).migrations.map(({ outcome }) => outcome)).toEqual([
      'ran',
      'ran',
      'ran',
      'ran',
    ])
    await run({ together: true })
    expect(await tables()).toEqual(['after_set', 'product'])
  })

  test('a lock that is not free makes all of it be tried again', async ({ shop, run, states }) => {
    await run({ to: '0001_product' })
    await shop.remove('0003_price_index')
    const notes: string[] = []
    let release = () => {}
    const holding = shop.sql.begin(async holder => {
      await holder`lock table product in access share mode`
      await new Promise<void>(resolve => {
        release = resolve
      })
    })
    const patient = await shop.open({ lockTimeoutMs: 50, lockAttempts: 20, lockRetryMs: 1 })
    await patient.up({
      by: 'ada',
      together: true,
      onOutput(output) {
        if (output.kind !== 'note' || !output.message.startsWith('A lock')) return
        notes.push(output.message)
        release()
      },
    })
    await holding
    expect(notes[0]).toBe('A lock was not free within 0.05 s; rolled back, try 2 of 20 in 0.001 s')
    expect(await states()).toEqual(['0001_product applied', '0002_price applied'])
  })

  test('a dry run measures each statement, skips what runs outside a transaction, and leaves nothing', async ({
    shop,
    migrations,
    tables,
  }) => {
    const run = await migrations.dryRun({ by: 'ada' })
    expect(run.migrations).toEqual([
      {
        name: '0001_product',
        outcome: 'ran',
        statements: [{ line: 1, verb: 'CREATE TABLE', durationMs: expect.any(Number) }],
      },
      {
        name: '0002_price',
        outcome: 'ran',
        statements: [
          { line: 1, verb: 'ALTER TABLE', durationMs: expect.any(Number) },
          { line: 3, verb: 'UPDATE', durationMs: expect.any(Number), rows: 0 },
        ],
      },
      {
        name: '0003_price_index',
        outcome: 'skipped',
        statements: [],
        message: 'It runs outside a transaction, so it cannot be tried and rolled back.',
      },
    ])
    expect(run.durationMs).toBeGreaterThan(0)
    expect(await tables()).toEqual([])
    expect((await migrations.status()).journal.exists).toBe(false)
    await shop.write('0002_price', 'alter table nowhere add x int')
    expect((await migrations.dryRun({ by: 'ada' })).migrations.slice(1)).toMatchObject([
      { outcome: 'failed', message: '0002_price.sql line 1 failed: relation "nowhere" does not exist.' },
      { outcome: 'skipped', message: 'It comes after 0002_price, which failed.' },
    ])
    expect(await tables()).toEqual([])
    const aborter = new AbortController()
    await shop.write('0002_price', 'select pg_sleep(30)')
    await expect(
      migrations.dryRun({
        by: 'ada',
        signal: aborter.signal,
        onOutput: ({ kind, migration }) =>
          kind === 'statement' && migration === '0002_price' && aborter.abort(new Error('enough')),
      }),
    ).rejects.toMatchObject({ code: 'MIGRATION_ABORTED' })
    expect(await tables()).toEqual([])
  })

  test('in a dry run a value that an earlier one adds to an enum cannot be used, which says that it may succeed one by one', async ({
    shop,
    migrations,
    run,
  }) => {
    await enums(shop)
    await run({ to: '0001_mood' })
    await shop.write('0002_low', "alter type mood add value 'low'")
    await shop.write('0003_felt', "create table felt (m mood default 'low')")
    expect((await migrations.dryRun({ by: 'ada' })).migrations).toMatchObject([
      { outcome: 'ran' },
      { outcome: 'failed', message: expect.stringMatching(/unsafe use of new value.*One by one it may succeed/) },
    ])
    expect(await run()).toHaveLength(2)
  })

  test('a baseline records what a database has already; a table that is missing is told', async ({
    shop,
    migrations,
    run,
    states,
  }) => {
    await expect(migrations.baseline({ by: 'ada', to: '0002_price' })).rejects.toMatchObject({
      code: 'MIGRATION_FINDINGS',
      message: expect.stringContaining('product (0001_product) does not exist here'),
    })
    expect((await migrations.status()).journal.exists).toBe(false)
    await shop.sql`create table product (id int primary key, price int)`
    expect(await migrations.baseline({ by: 'ada', to: '0002_price' })).toEqual(['0001_product', '0002_price'])
    expect(await states()).toEqual(['0001_product applied', '0002_price applied', '0003_price_index pending'])
    expect(await migrations.baseline({ by: 'ada', to: '0002_price' })).toEqual([])
    expect((await run()).map(({ name }) => name)).toEqual(['0003_price_index'])
    await shop.write('0004_made', 'create table made (id int)')
    await shop.write('0005_renamed', 'alter table made rename to kept')
    expect(await migrations.baseline({ by: 'ada', to: '0005_renamed' })).toHaveLength(2)
    await shop.write('0006_more', 'create table more (id int)')
    await expect(migrations.baseline({ by: 'ada', to: '0009_none' })).rejects.toMatchObject({
      code: 'MIGRATION_UNKNOWN',
    })
    expect(await migrations.baseline({ by: 'ada', to: '0006_more', despiteMissingTables: true })).toEqual(['0006_more'])
  })
}

function journalOf(
  shop: MigrationBench,
  { journal: { schema, table } }: { journal: { schema: string; table: string } },
) {
  return shop.sql`${shop.sql(schema)}.${shop.sql(table)}`
}
