import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import postgres from 'postgres'
import { expect, test, vi } from 'vitest'
import { auditEvent } from '../../../../drizzle/schema/index.ts'
import { startEmbeddedPostgres } from '../../../infrastructure/testing/embedded-postgres.ts'
import { fullDiskExists, tableOnFullDisk } from '../../../infrastructure/testing/full-disk.ts'
import { RefusalError } from '../../platform/refusal.ts'
import { actorOf } from '../../testing/open-test-console.ts'
import { shopConsole } from '../../testing/shop-console.ts'
import { ofMigrations } from './attention.ts'
import { migrationStates } from './migration-states.ts'
import { migrationView } from './views/migration.ts'
import { migrationsView } from './views/migrations.ts'

const shop = shopConsole()
const admin = actorOf('admin')

const refusalOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (error: unknown) => (error instanceof RefusalError ? error.refusal : Promise.reject(error)),
  )

test('run, seen in the database, the journal, the ledger and the audit; then rolled back', async () => {
  await shop.write('0003_loud', "do $$ begin raise notice 'hello'; end $$")
  expect(await shop.state()).toMatchObject({ counts: { pending: 3 }, journal: { exists: false } })
  const run = await shop.act('migration.run', { createJournal: true })
  expect(run).toMatchObject({ status: 'succeeded', summary: 'Applied 0001_product, 0002_price, 0003_loud in shop.' })
  expect(run.items.sample.map(item => [item.key, item.message])).toEqual([
    ['0001_product', expect.stringMatching(/^applied in \d+ ms$/)],
    ['0001_product › 001', expect.stringMatching(/^1\/1 create table product .* \(\d+ ms\)$/)],
    ['0002_price', expect.any(String)],
    ['0002_price › 001', expect.any(String)],
    ['0003_loud', expect.any(String)],
    ['0003_loud › 001', expect.any(String)],
    ['0003_loud › 002', 'NOTICE: hello'],
  ])
  expect(await shop.tables()).toEqual(['product'])
  expect((await shop.state())?.rows[0]).toMatchObject({ state: 'applied', applied: { by: 'admin', run: run.id } })

  await shop.write('0003_loud', "do $$ begin raise notice 'hello'; end $$", 'select 1')
  const back = await shop.act('migration.roll-back', { to: '0001_product', reason: 'not wanted' })
  expect(back).toMatchObject({ status: 'succeeded', summary: 'Rolled back 0003_loud, 0002_price in shop.' })
  expect(await shop.state()).toMatchObject({ counts: { applied: 1, pending: 2 } })
  const lines = await shop.console.store.db
    .select()
    .from(auditEvent)
    .where(eq(auditEvent.environment, shop.environment))
    .orderBy(auditEvent.id)
  expect(lines.map(line => [line.operation, line.kind, line.actorName, line.outcome])).toEqual([
    ['migration.run', 'started', 'admin', null],
    ['migration.run', 'outcome', 'admin', 'succeeded'],
    ['migration.roll-back', 'started', 'admin', null],
    ['migration.roll-back', 'outcome', 'admin', 'succeeded'],
  ])
})

test('one that fails half way leaves nothing of it, is reported, and needs attention', async () => {
  await shop.write('0003_broken', 'create table broken (id int); select nowhere', 'drop table broken')
  const run = await shop.act('migration.run', { createJournal: true })
  expect(run).toMatchObject({
    status: 'partial',
    summary: expect.stringMatching(
      /^0003_broken\.sql line 1 failed: column "nowhere" does not exist\. It was rolled back\. 0001_product, 0002_price stay applied\.$/,
    ),
  })
  expect(await shop.tables()).toEqual(['product'])
  const watched = shop.console.environment(shop.environment)
  if (!watched) throw new Error('the environment is missing')
  const known = await migrationStates(watched, shop.console.store, watched.outages)
  const items = ofMigrations(known, [])
  expect(items).toMatchObject([{ subject: 'shop', text: 'failed to migrate', href: 'migrations?database=shop' }])
})

test.skipIf(!fullDiskExists)(
  'one that the disk has no space for says so on the page of migrations, with what to do',
  async () => {
    await tableOnFullDisk(shop.settings.environments[0]?.databases[0]?.url ?? '', 'stock')
    await shop.write('0003_stock', 'create table shelf (id int);\ninsert into stock values (1)')
    await shop.act('migration.run', { createJournal: true })
    const shown = (await shop.seen())?.run
    expect(shown?.status === 'up' && shown.data.latest).toMatchObject({
      status: 'partial',
      summary: expect.stringMatching(
        /^0003_stock\.sql line 2 failed: .*No space left on device\. It was rolled back\. The disk of the server is full: .*0001_product, 0002_price stay applied\.$/,
      ),
    })
    expect(await shop.tables()).toEqual(['product', 'stock'])
    expect(await shop.state()).toMatchObject({ pending: ['0003_stock'] })
  },
)

test('a preview shows what would run and lock, and is refused once a file has changed', async () => {
  const asked = shop.request('migration.run', { createJournal: true })
  const preview = await shop.console.runner.preview(admin, asked)
  expect(preview).toMatchObject({
    confirmation: 'typed',
    action: 'Run 2 migrations',
    affected: { count: 2, sample: ['0001_product', '0002_price'] },
    texts: [
      { name: '0001_product.sql', text: 'create table product (id int primary key)' },
      { name: '0002_price.sql' },
    ],
    // The table does not exist yet, so nobody waits for it.
    warnings: [expect.stringContaining('first run')],
  })
  await shop.write('0002_price', 'drop table product')
  expect(
    await refusalOf(shop.console.runner.run(admin, { ...asked, token: preview.token, typedName: 'shop' })),
  ).toMatchObject({
    code: 'set_grew',
    message: expect.stringContaining('changed since the preview'),
  })
  expect(await shop.tables()).toEqual([])
})

test('a wrong name, a first run not asked for, an unknown version are refused in words', async () => {
  expect(await refusalOf(shop.act('migration.run', {}))).toMatchObject({
    code: 'conflict',
    fields: { createJournal: expect.any(String) },
  })
  expect(await refusalOf(shop.act('migration.run', { createJournal: true, to: '0009_none' }))).toMatchObject({
    fields: { to: 'does not exist' },
  })
  const asked = shop.request('migration.run', { createJournal: true })
  const { token } = await shop.console.runner.preview(admin, asked)
  expect(await refusalOf(shop.console.runner.run(admin, { ...asked, token, typedName: 'other' }))).toMatchObject({
    code: 'confirmation',
  })
  expect(
    await refusalOf(shop.console.runner.preview(admin, { ...asked, input: { database: 'nobody' } })),
  ).toMatchObject({
    code: 'not_found',
  })
  expect(await shop.tables()).toEqual([])
})

test('drift is reported, and ignored only on request', async () => {
  await shop.act('migration.run', { createJournal: true, to: '0001_product' })
  await shop.write('0001_product', 'create table product (id bigint primary key)', 'drop table product')
  expect(await shop.state()).toMatchObject({ counts: { drifted: 1, pending: 1 } })
  expect(await refusalOf(shop.act('migration.run', {}))).toMatchObject({
    code: 'conflict',
    fields: { despite: expect.stringContaining('drifted') },
  })
  expect(await shop.act('migration.run', { despite: ['drifted'] })).toMatchObject({ status: 'succeeded' })
})

test('two operators at once: one runs, the other is refused and learns who is running it', async () => {
  await shop.act('migration.run', { createJournal: true })
  await shop.write('0003_slow', 'create table slow (id int); select pg_sleep(2)', 'drop table slow')
  const asked = shop.request('migration.run', {})
  const other = { ...admin, id: 'test-other', name: 'Grace' }
  const [mine, theirs] = await Promise.all([
    shop.console.runner.preview(admin, asked),
    shop.console.runner.preview(other, asked),
  ])
  const first = await shop.console.runner.run(admin, { ...asked, token: mine.token, typedName: 'shop' })
  const second = await shop.console.runner.run(other, { ...asked, token: theirs.token, typedName: 'shop' })
  const runs = await Promise.all([shop.over(first.id), shop.over(second.id)])
  expect(runs.map(run => run.status).sort()).toEqual(['failed', 'succeeded'])
  const refused = runs.find(run => run.status === 'failed')
  expect(refused?.summary).toMatch(
    /^Migrations are being run by (admin|Grace) \(pid \d+, for \d+ s\)\. .*nothing was run\. Nothing was done\.$/,
  )
  expect(await refusalOf(shop.console.runner.preview(other, asked))).toMatchObject({
    code: 'conflict',
    message: 'Nothing is pending in shop.',
  })
  expect(await shop.rows`select count(*)::int from substation_migrations.journal`).toEqual([{ count: 3 }])
})

test('a database that is down is down, then stale, and never shown as without migrations', async () => {
  const [target] = shop.settings.environments
  if (target)
    target.databases = [
      {
        name: 'shop',
        url: 'postgres://x@127.0.0.1:1/none',
        migrations: { folder: shop.folder, url: 'postgres://x@127.0.0.1:1/none' },
      },
    ]
  await shop.reopen()
  expect((await shop.seen())?.state).toMatchObject({ status: 'down', reason: 'Postgres shop refuses connections' })
  expect(await refusalOf(shop.console.runner.preview(admin, shop.request('migration.run', {})))).toMatchObject({
    code: 'unavailable',
  })
})

test('a database that hangs is reported within three seconds beside those that answer, and comes back on its own', async () => {
  const home = await mkdtemp(join(tmpdir(), 'substation-hanging-'))
  await chmod(home, 0o755)
  const server = await startEmbeddedPostgres({ dir: join(home, 'postgres'), settings: { fsync: 'off' } })
  try {
    const databases = shop.settings.environments[0]?.databases
    databases?.push({ name: 'archive', url: server.url, migrations: { folder: shop.folder, url: server.url } })
    await shop.reopen()
    const read = async () =>
      (await shop.console.view(migrationsView, shop.environment, actorOf('viewer'), {})).data.databases
    const statuses = async () => (await read()).map(({ name, state }) => [name, state.status])
    expect(await statuses()).toEqual([
      ['shop', 'up'],
      ['archive', 'up'],
    ])
    const announced = new Promise(done => {
      shop.console.hub.subscribe(({ topics }) => topics.includes('migrations') && done('announced'))
    })

    const asking = postgres(server.url, { max: 1, onnotice: () => {} })
    const pids = [server.pid, ...(await asking`select pid from pg_stat_activity`).map(row => Number(row.pid))]
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    // A reading is cached for a moment.
    await vi.waitFor(
      async () => {
        const [shop, archive] = await read()
        expect(shop?.state).toMatchObject({ status: 'up', data: { pending: ['0001_product', '0002_price'] } })
        expect(archive?.state).toMatchObject({
          status: 'stale',
          reason: expect.stringMatching(/^Postgres archive (did not|does not) answer/),
          data: { pending: ['0001_product', '0002_price'] },
        })
      },
      { timeout: 20_000, interval: 100 },
    )
    const refusal = await refusalOf(
      shop.console.runner.preview(admin, shop.request('migration.run', { database: 'archive', createJournal: true })),
    )
    expect(refusal).toMatchObject({ code: 'unavailable', message: expect.stringContaining('Nothing was done') })

    for (const pid of pids) process.kill(pid, 'SIGCONT')
    await asking.end()
    await vi.waitFor(async () => expect((await statuses())[1]).toEqual(['archive', 'up']), { timeout: 10_000 })
    expect(await announced).toBe('announced')
  } finally {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  }
}, 40_000)

test('one migration: its SQL both ways, what it would lock, what is rolled back with it', async () => {
  await shop.act('migration.run', { createJournal: true })
  const { data } = await shop.console.view(migrationView, shop.environment, actorOf('viewer'), {
    database: 'shop',
    name: '0001_product',
  })
  expect(data).toMatchObject({
    migration: {
      data: {
        row: { state: 'applied', reversible: true },
        up: {
          sql: 'create table product (id int primary key)',
          statements: [{ verb: 'CREATE TABLE', locks: [] }],
        },
        down: { sql: 'drop table product' },
        before: null,
        after: ['0002_price'],
      },
    },
    runs: { data: [{ operation: 'migration.run', status: 'succeeded', by: 'admin' }] },
  })
})
