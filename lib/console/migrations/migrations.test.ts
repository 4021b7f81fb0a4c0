import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { and, desc, eq, sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { auditEvent, operationItem, operationRun } from '../../../drizzle/schema/index.ts'
import { newId } from '../../core/ids.ts'
import { startEmbeddedPostgres } from '../../infrastructure/testing/embedded-postgres.ts'
import { createDatabase, redisUrl } from '../../infrastructure/testing/servers.ts'
import type { Actor } from '../access/roles.ts'
import { rankAttention } from '../attention/rank.ts'
import type { Console } from '../open.ts'
import type { Run } from '../operations/wire.ts'
import { RefusalError } from '../refusal.ts'
import type { Settings } from '../settings/port.ts'
import { actorOf, openTestConsole, testSettings } from '../testing/open-test-console.ts'
import { migrationView } from '../views/migration.ts'
import { migrationsView } from '../views/migrations.ts'
import { standingsOf } from './standings.ts'

let own: Awaited<ReturnType<typeof createDatabase>>
let shop: Awaited<ReturnType<typeof createDatabase>>
let rows: postgres.Sql
let folder: string
let settings: Settings
let console: Console
const admin = actorOf('admin')

beforeAll(async () => {
  own = await createDatabase()
  await (await openTestConsole(testSettings({ databaseUrl: own.url, redisUrl: redisUrl() }))).close()
})
beforeEach(async () => {
  shop = await createDatabase()
  rows = postgres(shop.url, { max: 2, onnotice: () => {} })
  folder = await mkdtemp(join(tmpdir(), 'substation-console-migrations-'))
  await write('0001_product', 'create table product (id int primary key)', 'drop table product')
  await write('0002_price', 'alter table product add column price int', 'alter table product drop column price')
  settings = testSettings({ databaseUrl: own.url, redisUrl: redisUrl() })
  const [environment] = settings.environments
  if (environment) environment.databases = [{ name: 'shop', url: shop.url, migrations: { folder, url: shop.url } }]
  console = await openTestConsole(settings)
})
afterEach(async () => {
  await console.close()
  await rows.end({ timeout: 1 })
  await rm(folder, { recursive: true })
  await shop.drop()
})
afterAll(() => own.drop())

async function write(name: string, up: string, down?: string) {
  await writeFile(join(folder, `${name}.sql`), up)
  if (down !== undefined) await writeFile(join(folder, `${name}.down.sql`), down)
}

const environment = () => settings.environments[0]?.name ?? ''
const request = (operation: string, input: object) => ({
  environment: environment(),
  operation,
  input: { database: 'shop', ...input },
})
const tables = async () =>
  (await rows`select tablename from pg_tables where schemaname = 'public' order by 1`).map(row => row.tablename)

/** From the preview to the end of the run, as a person would do it. */
async function act(operation: string, input: object, actor: Actor = admin): Promise<Run> {
  const asked = request(operation, input)
  const { token } = await console.runner.preview(actor, asked)
  const { id } = await console.runner.run(actor, { ...asked, token, typedName: 'shop' })
  return over(id)
}
const over = (id: string) =>
  vi.waitFor(
    async () => {
      const run = await console.runner.find(admin, environment(), id)
      expect(run.finishedAt).toBeDefined()
      return run
    },
    { timeout: 15_000, interval: 100 },
  )
const refusalOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (error: unknown) => (error instanceof RefusalError ? error.refusal : Promise.reject(error)),
  )
const seen = async () => (await console.view(migrationsView, environment(), actorOf('viewer'), {})).data.databases[0]
const standing = async () => {
  const part = (await seen())?.standing
  return part?.status === 'up' ? part.data : undefined
}

test('run, seen in the database, the journal, the ledger and the audit; then rolled back', async () => {
  await write('0003_loud', "do $$ begin raise notice 'hello'; end $$")
  expect(await standing()).toMatchObject({ counts: { pending: 3 }, journal: { exists: false } })
  const run = await act('migration.run', { createJournal: true })
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
  expect(await tables()).toEqual(['product'])
  expect((await standing())?.rows[0]).toMatchObject({ state: 'applied', applied: { by: 'admin', run: run.id } })

  await write('0003_loud', "do $$ begin raise notice 'hello'; end $$", 'select 1')
  const back = await act('migration.roll-back', { to: '0001_product', reason: 'not wanted' })
  expect(back).toMatchObject({ status: 'succeeded', summary: 'Rolled back 0003_loud, 0002_price in shop.' })
  expect(await standing()).toMatchObject({ counts: { applied: 1, pending: 2 } })
  const lines = await console.store.db
    .select()
    .from(auditEvent)
    .where(eq(auditEvent.environment, environment()))
    .orderBy(auditEvent.id)
  expect(lines.map(line => [line.operation, line.kind, line.actorName, line.outcome])).toEqual([
    ['migration.run', 'started', 'admin', null],
    ['migration.run', 'outcome', 'admin', 'succeeded'],
    ['migration.roll-back', 'started', 'admin', null],
    ['migration.roll-back', 'outcome', 'admin', 'succeeded'],
  ])
})

test('one that fails half way leaves nothing of it, is told, and wants attention', async () => {
  await write('0003_broken', 'create table broken (id int); select nowhere', 'drop table broken')
  const run = await act('migration.run', { createJournal: true })
  expect(run).toMatchObject({
    status: 'partial',
    summary: expect.stringMatching(
      /^0003_broken\.sql line 1 failed: column "nowhere" does not exist\. It was rolled back\. 0001_product, 0002_price stay applied\.$/,
    ),
  })
  expect(await tables()).toEqual(['product'])
  const watched = console.environment(environment())
  if (!watched) throw new Error('the environment is gone')
  const known = await standingsOf(watched, console.store, watched.outages)
  const items = rankAttention({
    fleet: { status: 'down', reason: '', since: 0 },
    own: [],
    targets: [],
    queues: [],
    standings: known,
  })
  expect(items).toMatchObject([{ subject: 'shop', text: 'failed to migrate', href: 'migrations?database=shop' }])
})

test('a preview shows what would run and lock, and is worth nothing once a file has changed', async () => {
  const asked = request('migration.run', { createJournal: true })
  const preview = await console.runner.preview(admin, asked)
  expect(preview).toMatchObject({
    confirmation: 'typed',
    action: 'Run 2 migrations',
    affected: { count: 2, sample: ['0001_product', '0002_price'] },
    texts: [
      { name: '0001_product.sql', text: 'create table product (id int primary key)' },
      { name: '0002_price.sql' },
    ],
    warnings: [
      expect.stringContaining('first run'),
      expect.stringContaining('0002_price takes ACCESS EXCLUSIVE on product (line 1)'),
    ],
  })
  await write('0002_price', 'drop table product')
  expect(
    await refusalOf(console.runner.run(admin, { ...asked, token: preview.token, typedName: 'shop' })),
  ).toMatchObject({
    code: 'set_grew',
    message: expect.stringContaining('changed since the preview'),
  })
  expect(await tables()).toEqual([])
})

test('a wrong name, a first run not asked for, an unknown version are refused in words', async () => {
  expect(await refusalOf(act('migration.run', {}))).toMatchObject({
    code: 'conflict',
    fields: { createJournal: expect.any(String) },
  })
  expect(await refusalOf(act('migration.run', { createJournal: true, to: '0009_none' }))).toMatchObject({
    fields: { to: 'is not there' },
  })
  const asked = request('migration.run', { createJournal: true })
  const { token } = await console.runner.preview(admin, asked)
  expect(await refusalOf(console.runner.run(admin, { ...asked, token, typedName: 'other' }))).toMatchObject({
    code: 'confirmation',
  })
  expect(await refusalOf(console.runner.preview(admin, { ...asked, input: { database: 'nobody' } }))).toMatchObject({
    code: 'not_found',
  })
  expect(await tables()).toEqual([])
})

test('drift is told, and gone past only when that is said', async () => {
  await act('migration.run', { createJournal: true, to: '0001_product' })
  await write('0001_product', 'create table product (id bigint primary key)', 'drop table product')
  expect(await standing()).toMatchObject({ counts: { drifted: 1, pending: 1 } })
  expect(await refusalOf(act('migration.run', {}))).toMatchObject({
    code: 'conflict',
    fields: { despite: expect.stringContaining('drifted') },
  })
  expect(await act('migration.run', { despite: ['drifted'] })).toMatchObject({ status: 'succeeded' })
})

test('two operators at once: one runs, the other is refused with who does it', async () => {
  await act('migration.run', { createJournal: true })
  await write('0003_slow', 'create table slow (id int); select pg_sleep(2)', 'drop table slow')
  const asked = request('migration.run', {})
  const other = { ...admin, id: 'test-other', name: 'Grace' }
  const [mine, theirs] = await Promise.all([console.runner.preview(admin, asked), console.runner.preview(other, asked)])
  const first = await console.runner.run(admin, { ...asked, token: mine.token, typedName: 'shop' })
  const second = await console.runner.run(other, { ...asked, token: theirs.token, typedName: 'shop' })
  const runs = await Promise.all([over(first.id), over(second.id)])
  expect(runs.map(run => run.status).sort()).toEqual(['failed', 'succeeded'])
  const refused = runs.find(run => run.status === 'failed')
  expect(refused?.summary).toMatch(
    /^Migrations are being run by (admin|Grace) \(pid \d+, for \d+ s\)\. .*nothing was run\. Nothing was done\.$/,
  )
  expect(await refusalOf(console.runner.preview(other, asked))).toMatchObject({
    code: 'conflict',
    message: 'Nothing is pending in shop.',
  })
  expect(await rows`select count(*)::int from substation_migrations.journal`).toEqual([{ count: 3 }])
})

test('aborting cancels the statement and leaves nothing', async () => {
  await act('migration.run', { createJournal: true })
  await write('0003_slow', 'create table slow (id int); select pg_sleep(60)')
  const asked = request('migration.run', {})
  const { token } = await console.runner.preview(admin, asked)
  const { id } = await console.runner.run(admin, { ...asked, token, typedName: 'shop' })
  await vi.waitFor(
    async () =>
      expect(
        await rows`select from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'`,
      ).toHaveLength(1),
    { timeout: 10_000 },
  )
  await console.runner.abort(admin, environment(), id)
  expect(await over(id)).toMatchObject({
    status: 'aborted',
    summary: expect.stringContaining('Nothing of it was left'),
  })
  expect(await tables()).toEqual(['product'])
})

describe('a console that is killed in the middle', () => {
  test.each([
    ['create table slow (id int); select pg_sleep(30)', 'failed', ['product']],
    ['create table slow (id int)', 'succeeded', ['product', 'slow']],
  ])(
    '%s is settled from the journal',
    async (body, status, left) => {
      await act('migration.run', { createJournal: true })
      await write('0003_slow', body)
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', resolve('lib/console/testing/dying-console.ts')],
        { stdio: ['pipe', 'ignore', 'inherit'] },
      )
      const gone = new Promise(done => child.on('exit', (_code, signal) => done(signal)))
      await console.close()
      child.stdin.end(
        JSON.stringify({
          step: 'ran',
          settings,
          request: request('migration.run', {}),
          role: 'admin',
          typedName: 'shop',
        }),
      )
      if (status === 'failed') {
        await vi.waitFor(
          async () =>
            expect(
              await rows`select from pg_stat_activity where query = 'select pg_sleep(30)' and state = 'active'`,
            ).toHaveLength(1),
          { timeout: 30_000, interval: 100 },
        )
        child.kill('SIGKILL')
      }
      expect(await gone).toBe('SIGKILL')
      console = await openTestConsole(settings)
      await console.store.db
        .update(operationRun)
        .set({ heartbeatAt: sql`now() - interval '1 minute'` })
        .where(and(eq(operationRun.environment, environment()), eq(operationRun.status, 'running')))
      await console.runner.reap()
      const [row] = await console.store.db
        .select()
        .from(operationRun)
        .where(eq(operationRun.environment, environment()))
        .orderBy(desc(operationRun.startedAt))
      const run = await over(row?.id ?? '')
      expect(run).toMatchObject({ status, summary: expect.stringContaining('By the journal of shop') })
      expect(await tables()).toEqual(left)
      const items = await console.store.db
        .select()
        .from(operationItem)
        .where(and(eq(operationItem.runId, run.id), eq(operationItem.key, '0003_slow')))
      expect(items).toMatchObject([{ status: status === 'succeeded' ? 'done' : 'failed' }])
    },
    90_000,
  )
})

test('files that are others where it is carried out than where it was confirmed are refused', async () => {
  await console.close()
  console = await openTestConsole(settings, {
    // As on another console, whose folder is of another version.
    onStep: async step => (step === 'begun' ? write('0002_price', 'drop table product') : undefined),
  })
  const run = await act('migration.run', { createJournal: true })
  expect(run).toMatchObject({
    status: 'failed',
    summary: expect.stringMatching(/^What would be run in shop is no longer what was confirmed: .*Nothing was done\./),
  })
  expect(await tables()).toEqual([])
  await write('0002_price', 'alter table product add column price int', 'alter table product drop column price')
  await console.close()
  console = await openTestConsole(settings)
  await act('migration.run', { createJournal: true })
  await console.close()
  console = await openTestConsole(settings, {
    onStep: async step =>
      step === 'begun'
        ? write('0002_price', 'alter table product add column price int', 'drop table product')
        : undefined,
  })
  const back = await act('migration.roll-back', { to: '0001_product', reason: 'not wanted' })
  expect(back).toMatchObject({ status: 'failed', summary: expect.stringContaining('no longer what was confirmed') })
  expect(await tables()).toEqual(['product'])
})

describe("while the console's own Postgres flaps", () => {
  const flapping = (body: string) =>
    console.store.db.execute(
      sql.raw(`create sequence public.flaps;
        create function public.flap() returns trigger language plpgsql as $$ begin ${body} return new; end $$;
        create trigger flap before insert on substation.operation_item for each row execute function public.flap()`),
    )
  afterEach(() => console.store.db.execute(sql.raw('drop function public.flap cascade; drop sequence public.flaps')))

  test('what could not be written down at first is written again, and the run goes on', async () => {
    await flapping(`if nextval('public.flaps') <= 3 then raise exception 'full' using errcode = '53300'; end if;`)
    expect(await act('migration.run', { createJournal: true })).toMatchObject({
      status: 'succeeded',
      items: { byStatus: { done: 4 } },
    })
  })

  test('lines that cannot be written once it runs do not end it', async () => {
    await flapping(`if nextval('public.flaps') > 2 then raise exception 'full'; end if;`)
    expect(await act('migration.run', { createJournal: true })).toMatchObject({ status: 'succeeded' })
    expect(await tables()).toEqual(['product'])
  })

  test('a plan that cannot be written down is not begun', async () => {
    await flapping(`raise exception 'full';`)
    const run = await act('migration.run', { createJournal: true })
    expect(run).toMatchObject({
      status: 'failed',
      summary: expect.stringContaining("console's Postgres. Nothing was done."),
    })
    expect(await tables()).toEqual([])
  })
})

describe('a run whose console died', () => {
  /** As it stands when the worker of a run that had begun fell silent. */
  async function abandoned(operation: string, input: object, planned: string[]): Promise<string> {
    const id = newId()
    await console.store.db.insert(operationRun).values({
      ...{ id, operation, environment: environment(), targetKind: 'database', targetName: 'shop' },
      ...{ actorId: admin.id, actorName: admin.name, actorRole: 'admin', via: 'api', request: 'r', status: 'running' },
      ...{ input, payload: { input: { database: 'shop', ...input } }, durable: true, worker: 'dead' },
      ...{ begunAt: new Date(), heartbeatAt: new Date(Date.now() - 60_000) },
    })
    for (const key of planned)
      await console.store.db.insert(operationItem).values({ runId: id, key, status: 'pending' })
    await console.runner.reap()
    return id
  }

  test('is unknown while its database cannot be asked, and the sentence names that database', async () => {
    const [target] = settings.environments
    const url = 'postgres://x@127.0.0.1:1/none'
    if (target) target.databases = [{ name: 'shop', url, migrations: { folder, url } }]
    await console.close()
    console = await openTestConsole(settings)
    expect(await over(await abandoned('migration.run', {}, ['0001_product']))).toMatchObject({
      status: 'unknown',
      summary: expect.stringMatching(/cannot be told\. Postgres shop refuses connections\. Look at shop/),
    })
  })

  test('is unknown where what was under way runs outside a transaction; what came after it was not begun', async () => {
    await act('migration.run', { createJournal: true })
    await write('0003_index', 'create index concurrently product_price on product (price)')
    await write('0004_late', 'create table late (id int)')
    const run = await over(await abandoned('migration.run', {}, ['0004_late', '0002_price', '0003_index']))
    expect(run).toMatchObject({
      status: 'unknown',
      summary: expect.stringMatching(
        /By the journal of shop, 0002_price was done, and what came of 0003_index cannot be told: it runs outside a transaction/,
      ),
    })
    expect(Object.fromEntries(run.items.sample.map(item => [item.key, item.status]))).toEqual({
      '0002_price': 'done',
      '0003_index': 'silent',
      '0004_late': 'failed',
    })
  })
})

test('a database that is down is down, then stale, and never without migrations', async () => {
  const [target] = settings.environments
  if (target)
    target.databases = [
      {
        name: 'shop',
        url: 'postgres://x@127.0.0.1:1/none',
        migrations: { folder, url: 'postgres://x@127.0.0.1:1/none' },
      },
    ]
  await console.close()
  console = await openTestConsole(settings)
  expect((await seen())?.standing).toMatchObject({ status: 'down', reason: 'Postgres shop refuses connections' })
  expect(await refusalOf(console.runner.preview(admin, request('migration.run', {})))).toMatchObject({
    code: 'unavailable',
  })
})

test('a database that hangs is told within three seconds beside those that answer, and comes back by itself', async () => {
  const home = await mkdtemp(join(tmpdir(), 'substation-hanging-'))
  await chmod(home, 0o755)
  const server = await startEmbeddedPostgres({ dir: join(home, 'postgres'), settings: { fsync: 'off' } })
  try {
    const databases = settings.environments[0]?.databases
    databases?.push({ name: 'archive', url: server.url, migrations: { folder, url: server.url } })
    await console.close()
    console = await openTestConsole(settings)
    const read = async () => (await console.view(migrationsView, environment(), actorOf('viewer'), {})).data.databases
    const statuses = async () => (await read()).map(({ name, standing }) => [name, standing.status])
    expect(await statuses()).toEqual([
      ['shop', 'up'],
      ['archive', 'up'],
    ])
    const announced = new Promise(done => {
      console.hub.subscribe(({ topics }) => topics.includes('migrations') && done('announced'))
    })

    const asking = postgres(server.url, { max: 1, onnotice: () => {} })
    const pids = [server.pid, ...(await asking`select pid from pg_stat_activity`).map(row => Number(row.pid))]
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    // A reading is remembered for a moment.
    await vi.waitFor(
      async () => {
        const began = performance.now()
        const [shop, archive] = await read()
        expect(performance.now() - began).toBeLessThan(3_000)
        expect(shop?.standing).toMatchObject({ status: 'up', data: { pending: ['0001_product', '0002_price'] } })
        expect(archive?.standing).toMatchObject({
          status: 'stale',
          reason: expect.stringMatching(/^Postgres archive (did not|does not) answer/),
          data: { pending: ['0001_product', '0002_price'] },
        })
      },
      { timeout: 10_000, interval: 100 },
    )
    const refusal = await refusalOf(
      console.runner.preview(admin, request('migration.run', { database: 'archive', createJournal: true })),
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

test('one migration: its SQL both ways, what it would lock, what goes with it', async () => {
  await act('migration.run', { createJournal: true })
  const { data } = await console.view(migrationView, environment(), actorOf('viewer'), {
    database: 'shop',
    name: '0001_product',
  })
  expect(data).toMatchObject({
    migration: {
      data: {
        row: { state: 'applied', reversible: true },
        up: {
          sql: 'create table product (id int primary key)',
          statements: [{ verb: 'CREATE TABLE', lock: { mode: 'none' } }],
        },
        down: { sql: 'drop table product' },
        before: null,
        after: ['0002_price'],
      },
    },
    runs: { data: [{ operation: 'migration.run', status: 'succeeded', by: 'admin' }] },
  })
})
